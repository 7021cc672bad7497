/**
 * Multi-head self-attention (Vaswani et al., 2017, section 3.2) of queries, keys and values that lie side by side, as one
 * layer gives them. For each head, with d values a token:  y = P v,  P = softmax(q k^T / sqrt(d)).
 * Of P only the logarithm of each row's sum is kept, so memory grows with the tokens, not with their square (Dao et al., 2022):
 *   P = exp(q k^T / sqrt(d) - l),  dv = P^T dy,  dS = P (dy v^T - sum(dy y)),  dq = dS k / sqrt(d),  dk = dS^T q / sqrt(d)
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SelfAttentionInputs {
  /** Shape [N, T, 3 D]: q of all heads, then k, then v. */
  readonly qkv: tf.Tensor3D;
}
export interface SelfAttentionAttributes {
  readonly heads: number;
}

/** [N, T, D] as [N, heads, T, d], and back. */
function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [n, tokens, width] = x.shape;
  return tf.transpose(tf.reshape(x, [n, tokens, heads, width / heads]), [0, 2, 1, 3]);
}
function joinHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [n, heads, tokens, each] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [n, tokens, heads * each]);
}

const partsOf = (qkv: tf.Tensor3D, heads: number): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] =>
  tf.split<tf.Tensor3D>(qkv, 3, 2).map((part) => splitHeads(part, heads)) as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ];

/** 1 / sqrt(d) */
const rateOf = ({ shape }: tf.Tensor3D, heads: number): number => Math.sqrt((3 * heads) / shape[2]);

/** Returns [y, l], shapes [N, T, D] and [N, heads, T]: l_i = log sum_j exp(q_i k_j / sqrt(d)). */
export const SelfAttention: KernelDefinition<SelfAttentionInputs, SelfAttentionAttributes> = {
  name: 'SelfAttention',
  define: ({ qkv }, { heads }) => {
    const [q, k, v] = partsOf(qkv, heads);
    const scores = tf.mul(tf.matMul(q, k, false, true), rateOf(qkv, heads));
    const logSums = tf.logSumExp(scores, 3, true);
    const y = joinHeads(tf.matMul(tf.exp(tf.sub(scores, logSums)), v));
    return [y, tf.squeeze(logSums, [3])];
  },
};

export interface SelfAttentionGradInputs extends SelfAttentionInputs {
  readonly dy: tf.Tensor3D;
  readonly y: tf.Tensor3D;
  readonly logSums: tf.Tensor3D;
}

/** Of qkv, in its shape. */
export const SelfAttentionGrad: KernelDefinition<SelfAttentionGradInputs, SelfAttentionAttributes> = {
  name: 'SelfAttentionGrad',
  isGradient: true,
  define: ({ dy, qkv, y, logSums }, { heads }) => {
    const [q, k, v] = partsOf(qkv, heads);
    const rate = rateOf(qkv, heads);
    const [slope, output] = [splitHeads(dy, heads), splitHeads(y, heads)];
    const shares = tf.exp(tf.sub(tf.mul(tf.matMul(q, k, false, true), rate), tf.expandDims(logSums, 3)));
    const centre = tf.sum(tf.mul(slope, output), 3, true);
    const dScores = tf.mul(tf.mul(shares, tf.sub(tf.matMul(slope, v, false, true), centre)), rate);
    const parts = [tf.matMul(dScores, k), tf.matMul(dScores, q, true), tf.matMul(shares, slope, true)];
    return tf.concat(
      parts.map((part) => joinHeads(part as tf.Tensor4D)),
      2,
    );
  },
};

tf.registerGradient({
  kernelName: SelfAttention.name,
  inputsToSave: ['qkv'],
  outputsToSave: [true, true],
  gradFunc: (dys, [qkv, y, logSums], attributes) => {
    const inputs = { dy: (dys as tf.Tensor[])[0], qkv, y, logSums } as unknown as SelfAttentionGradInputs;
    const { heads } = attributes as unknown as SelfAttentionAttributes;
    return { qkv: () => runKernel(SelfAttentionGrad, inputs, { heads }) };
  },
});

/**
 * @param qkv float32, shape [N, T, 3 D]: the queries of all heads, then the keys, then the values
 * @param options.heads that divide D
 * @returns shape [N, T, D]
 * @throws InputError when the heads do not divide the width
 * @example
 * selfAttention(tf.reshape(linear(tokens, layer), [n, t, 3 * width]), { heads: 12 });
 */
export function selfAttention(qkv: tf.Tensor3D, { heads }: SelfAttentionAttributes): tf.Tensor3D {
  if (qkv.rank !== 3 || !(heads > 0) || qkv.shape[2] % (3 * heads) !== 0)
    throw new InputError(
      `selfAttention of ${heads} heads needs [N, T, 3 D] with a D that they divide, but got [${qkv.shape}].`,
      { heads, shape: qkv.shape },
    );
  const [y, logSums] = runKernel<[tf.Tensor3D, tf.Tensor3D], SelfAttentionInputs, SelfAttentionAttributes>(
    SelfAttention,
    { qkv },
    { heads },
  );
  logSums.dispose();
  return y;
}
