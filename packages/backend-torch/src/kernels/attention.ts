/** Self-attention and its gradient by libtorch's kernels of few passes, which take queries, keys and values as they lie. */
import {
  SelfAttention,
  type SelfAttentionAttributes,
  SelfAttentionGrad,
  type SelfAttentionGradInputs,
  type SelfAttentionInputs,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, float } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { permute, reshape, scoped, slice, type Use } from '../shims.ts';
import { expectShapes } from './check-shapes.ts';

/** [N, T, D] as [N, heads, T, d], and back: views. */
const splitHeads = (x: Handle, [n, tokens, heads, each]: readonly number[], use: Use): Handle =>
  use(permute(use(reshape(x, [n!, tokens!, heads!, each!])), [0, 2, 1, 3]));
const joinHeads = (x: Handle, [n, tokens, heads, each]: readonly number[], use: Use): Handle =>
  reshape(use(permute(x, [0, 2, 1, 3])), [n!, tokens!, heads! * each!]);

/** [N, T, heads, d] */
const sizesOf = ({ shape: [n, tokens, width] }: tf.TensorInfo, heads: number): number[] => [
  n!,
  tokens!,
  heads,
  width! / (3 * heads),
];

/** q, k and v as views of their memory, which the attention takes as they lie. */
function partsOf(qkv: Handle, sizes: readonly number[], use: Use): Handle[] {
  const width = sizes[2]! * sizes[3]!;
  return [0, 1, 2].map((i) => splitHeads(use(slice(qkv, 2, i * width, (i + 1) * width)), sizes, use));
}

/** Whether libtorch's attention of few passes reaches: it is written for CPUs, and divides by the tokens. */
const isReached = (qkv: tf.TensorInfo): boolean =>
  native().device.kind === 'cpu' && tf.util.sizeFromShape(qkv.shape) > 0;

export const attention: TorchKernel[] = [
  kernel<SelfAttentionAttributes>(SelfAttention.name, (inputs, { heads }, backend) => {
    const given = inputs as unknown as SelfAttentionInputs;
    const { qkv } = inputs;
    if (!isReached(qkv!)) return tf.tidy(() => SelfAttention.define(given, { heads }));
    const sizes = sizesOf(qkv!, heads);
    const [n, tokens, , each] = sizes as [number, number, number, number];
    return scoped((use, own) => {
      const parts = partsOf(backend.operand(qkv!, use), sizes, use);
      const args = [...parts, float(0), false, null, null];
      const [y, logSums] = callMany('aten::_scaled_dot_product_flash_attention_for_cpu', args, 2);
      own(logSums!);
      const joined = own(joinHeads(use(y!), sizes, use));
      return [
        backend.output(joined, [n, tokens, heads * each], 'float32'),
        backend.output(logSums!, [n, heads, tokens], 'float32'),
      ];
    });
  }),
  kernel<SelfAttentionAttributes>(SelfAttentionGrad.name, (inputs, { heads }, backend) => {
    const { dy, qkv, y, logSums } = inputs;
    const sizes = sizesOf(qkv!, heads);
    const [n, tokens, , each] = sizes as [number, number, number, number];
    const whole = [n, tokens, heads * each];
    expectShapes('the gradient of selfAttention', [
      [dy!, whole],
      [y!, whole],
      [logSums!, [n, heads, tokens]],
    ]);
    if (!isReached(qkv!))
      return tf.tidy(() =>
        SelfAttentionGrad.define(inputs as unknown as SelfAttentionGradInputs, { heads }),
      ) as tf.Tensor;
    return scoped((use) => {
      const heading = (x: tf.TensorInfo) => splitHeads(backend.operand(x, use), sizes, use);
      const parts = partsOf(backend.operand(qkv!, use), sizes, use);
      const args = [
        heading(dy!),
        ...parts,
        heading(y!),
        backend.handle(logSums!),
        float(0),
        false,
        null,
        null,
      ];
      const slopes = callMany('aten::_scaled_dot_product_flash_attention_for_cpu_backward', args, 3).map(use);
      const joined = slopes.map((slope) => use(joinHeads(slope, sizes, use)));
      return backend.output(call('aten::cat', joined, 2), qkv!.shape, 'float32');
    });
  }),
];
