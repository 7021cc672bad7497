/** Convolutions and matrix products in bfloat16, everything else as it was. */
import '@tensorflow/tfjs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import {
  conv2dGeneral,
  foldBatchNorm,
  fusedConv2dGeneral,
  gelu,
  layerNorm,
  linear,
  normal,
  selfAttention,
} from '@longtail/kernels';
import { sameAsCpu } from '@longtail/kernels/testing';
import { sgd } from '@longtail/optim';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

const library = torchLibrary();
function refusal(): string | undefined {
  if (!library) return 'libtorch is not installed';
  try {
    registerTorchBackend({ library, autocast: 'bfloat16' });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}
const reason = refusal();
const expectSame = sameAsCpu('torch', { liveHandles });
// bfloat16 keeps 8 bits: 2^-9 of each factor and of the result, and the largest of them bounds the sum.
const relative = 2 ** -7;

describe.skipIf(reason)(`autocast${reason ? ` (left out: ${reason})` : ''}`, () => {
  type T4 = tf.Tensor4D;
  it.each<[string, (...x: never[]) => tf.Tensor, number[][]]>([
    [
      'matMul',
      (a: tf.Tensor2D, b: tf.Tensor2D) => tf.matMul(a, b),
      [
        [5, 16],
        [16, 3],
      ],
    ],
    [
      'a batch of them, turned',
      (a: tf.Tensor3D, b: tf.Tensor3D) => tf.matMul(a, b, true, true),
      [
        [2, 6, 5],
        [2, 3, 6],
      ],
    ],
    [
      'conv2d',
      (x: T4, w: T4) => tf.conv2d(x, w, 2, 'same'),
      [
        [2, 7, 6, 3],
        [3, 3, 3, 4],
      ],
    ],
    [
      'depthwiseConv2d',
      (x: T4, w: T4) => tf.depthwiseConv2d(x, w, 1, 'same'),
      [
        [2, 6, 5, 3],
        [3, 3, 3, 2],
      ],
    ],
    [
      'conv2dGeneral',
      (x: T4, w: T4) => conv2dGeneral(x, w, { padding: 1, groups: 2 }),
      [
        [2, 6, 5, 4],
        [3, 3, 2, 6],
      ],
    ],
    [
      'fusedConv2dGeneral',
      (x: T4, filter: T4, bias: tf.Tensor1D, residual: T4) =>
        fusedConv2dGeneral(x, { filter, bias, residual }, { padding: 1 }),
      [[2, 5, 5, 3], [3, 3, 3, 4], [4], [2, 5, 5, 4]],
    ],
    [
      'linear',
      (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D) => linear(x, { weight, bias }),
      [[5, 16], [3, 16], [3]],
    ],
    ['selfAttention', (qkv: tf.Tensor3D) => selfAttention(qkv, { heads: 2 }), [[2, 9, 24]]],
    [
      'a layer of a transformer, which widens and narrows again',
      (x: tf.Tensor2D, weight: tf.Tensor2D, scale: tf.Tensor1D) => {
        // Small scores: the exponential of a large one would show its rounding.
        const small = tf.mul(weight, 0.1) as tf.Tensor2D;
        const qkv = gelu(linear(layerNorm(x, { scale, offset: scale }), { weight: small }));
        return selfAttention(tf.reshape(qkv, [2, 5, 24]), { heads: 2 });
      },
      [[10, 8], [24, 8], [8]],
    ],
    [
      'a chain that other operations interrupt',
      (x: T4, v: T4, w: T4) => tf.mean(conv2dGeneral(tf.tanh(conv2dGeneral(x, v)), w), [1, 2]),
      [
        [2, 6, 6, 3],
        [3, 3, 3, 4],
        [3, 3, 4, 2],
      ],
    ],
  ])('%s and its gradients', async (_, compute, shapes) => {
    await expectSame(
      compute,
      shapes.map((shape) => ({ shape })),
      { relative },
    );
  });

  it('is not changed while the backend is registered', () => {
    expect(() => registerTorchBackend({ library: library! })).toThrow(
      /registered with autocast bfloat16 already/,
    );
  });

  it('is what bfloat16 gives, not float32', async () => {
    await tf.setBackend('torch');
    const [one, small] = [tf.tensor2d([[1, 2 ** -9]]), tf.tensor2d([[1], [1]])];
    // 1 + 2^-9 is summed in float32 and rounded once: to 1.
    expect((await tf.matMul(one, small).data())[0]).toBe(1);
    expect((await tf.add(1, 2 ** -9).data())[0]).toBe(1 + 2 ** -9);
  });

  it('keeps weights in float32, and steps smaller than bfloat16 shows', async () => {
    await tf.setBackend('torch');
    const before = liveHandles();
    tf.tidy(() => {
      const w = tf.variable(tf.matMul(tf.ones([4, 1]), tf.ones([1, 4]))) as tf.Variable<tf.Rank.R2>;
      const optimizer = sgd([w], { momentum: 0.9 });
      const loss = () => tf.sum(tf.matMul(tf.ones([1, 4]), w)) as tf.Scalar;
      for (let i = 0; i < 2; i++) optimizer.minimize(loss, { learningRate: 2 ** -12 });
      for (const x of w.dataSync()) expect(x).toBeCloseTo(1 - 2.9 * 2 ** -12, 7);
      optimizer.dispose();
      w.dispose();
    });
    expect(liveHandles()).toBe(before);
  });

  it('folds a batch norm', async () => {
    await tf.setBackend('torch');
    tf.tidy(() => {
      const [x, w] = [normal([2, 6, 6, 8], { seed: 0 }), normal([3, 3, 8, 8], { seed: 1 })] as [T4, T4];
      const vector = (value: number) => tf.fill([8], value) as tf.Tensor1D;
      const [scale, offset, mean, variance] = [vector(2), vector(-1), vector(0.5), vector(4)] as const;
      const expected = tf.relu(tf.batchNorm4d(conv2dGeneral(x, w), mean, variance, offset, scale, 1e-5));
      const folded = foldBatchNorm(w, { scale, offset, mean, variance });
      const y = fusedConv2dGeneral(x, folded, { activation: 'relu' });
      const largest = tf.max(expected).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sub(y, expected))).dataSync()[0]!).toBeLessThan(2 * relative * largest);
    });
  });
});

it.skipIf(!library || process.arch !== 'x64')('refuses autocast where the CPU has none', async () => {
  const program = `import { registerTorchBackend } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
    registerTorchBackend({ library: ${JSON.stringify(library)}, autocast: 'bfloat16' });`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ONEDNN_MAX_CPU_ISA: 'AVX2' }, // oneDNN then sees an older CPU
  });
  await expect(run).rejects.toThrow(
    /autocast to bfloat16 needs a CPU that computes in it .*; leave autocast out/,
  );
});
