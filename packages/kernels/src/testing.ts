/** The conformance suite of a backend's own kernels: each against its definition on tfjs's cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { adamStep } from './adam-step.ts';
import { batchNormTrain } from './batch-norm-train.ts';
import { conv2dGeneral } from './conv2d-general.ts';
import { foldBatchNorm, fusedConv2dGeneral } from './fused-conv2d-general.ts';
import { gelu } from './gelu.ts';
import { imagesFromBytes } from './images.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { logSoftmax } from './log-softmax.ts';
import { movingAverageStep } from './moving-average-step.ts';
import { normal, uniform } from './random-tensors.ts';
import { type ExpectSame, sameAsCpu } from './same-as-cpu.ts';
import { selfAttention } from './self-attention.ts';
import { sgdMomentumStep } from './sgd-momentum-step.ts';
import { smoothedCrossEntropy } from './smoothed-cross-entropy.ts';
import { softCrossEntropy } from './soft-cross-entropy.ts';
import { sparseCrossEntropy } from './sparse-cross-entropy.ts';
import { testLinearAlgebra } from './testing-linear-algebra.ts';

const RATES = { learningRate: 0.1, weightDecay: 0.01 };
type Moving = [tf.Variable, tf.Variable, tf.Variable];
type Step = (moving: Moving, given: tf.Tensor, i: number) => void;

export { type Compute, type ExpectSame, type Input, sameAsCpu } from './same-as-cpu.ts';

/**
 * @param backend registered; `@tensorflow/tfjs` (gradients, the cpu backend) must be imported by the test
 * @example
 * describeKernels('webgpu');
 */
export function describeKernels(
  backend: string,
  { expectSame = sameAsCpu(backend) }: { expectSame?: ExpectSame } = {},
): void {
  describe(`kernels on ${backend}`, () => {
    it.each([
      { x: [2, 8, 8, 3], w: [3, 3, 3, 5], options: { padding: 1 } },
      { x: [1, 7, 5, 4], w: [3, 3, 2, 6], options: { padding: 1, strides: 2, groups: 2 } },
      {
        x: [3, 6, 9, 2],
        w: [2, 3, 2, 3],
        options: { padding: [0, 1, 2, 0] as const, strides: [2, 1] as const },
      },
      { x: [1, 9, 8, 2], w: [3, 2, 2, 2], options: { dilations: 2, padding: 2 } },
      { x: [2, 5, 5, 3], w: [1, 1, 3, 2], options: { strides: 2 } },
      { x: [1, 1, 1, 1], w: [1, 1, 1, 1], options: {} },
      // One channel a group to a width of one, in steps: oneDNN by itself reads wrong places.
      { x: [2, 7, 5, 1], w: [3, 4, 1, 2], options: { strides: [1, 2] as const } },
      { x: [2, 7, 3, 2], w: [3, 4, 1, 4], options: { strides: [1, 3] as const, padding: 1, groups: 2 } },
    ])('conv2dGeneral $options', async ({ x, w, options }) => {
      await expectSame(((a: tf.Tensor4D, b: tf.Tensor4D) => conv2dGeneral(a, b, options)) as never, [
        { shape: x },
        { shape: w },
      ]);
    });

    it.each(['linear', 'relu'] as const)(
      'fusedConv2dGeneral, %s, with and without a sum',
      async (activation) => {
        const options = { padding: 1, strides: 2, activation };
        const [x, filter, bias] = [{ shape: [2, 6, 6, 3] }, { shape: [3, 3, 3, 5] }, { shape: [5] }];
        type T4 = tf.Tensor4D;
        await expectSame(
          ((a: T4, w: T4, b: tf.Tensor1D, residual: T4) =>
            fusedConv2dGeneral(a, { filter: w, bias: b, residual }, options)) as never,
          [x, filter, bias, { shape: [2, 3, 3, 5] }],
        );
        await expectSame(
          ((a: T4, w: T4, b: tf.Tensor1D) => fusedConv2dGeneral(a, { filter: w, bias: b }, options)) as never,
          [x, filter, bias],
        );
      },
    );

    it('a folded batch norm is the convolution and the batch norm', async () => {
      const run = (x: tf.Tensor4D, filter: tf.Tensor4D, ...norm: tf.Tensor1D[]) => {
        const [scale, offset, mean, variance] = norm as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
        if (tf.getBackend() !== backend)
          return tf.batchNorm4d(conv2dGeneral(x, filter), mean, variance, offset, scale, 1e-5);
        return fusedConv2dGeneral(x, foldBatchNorm(filter, { scale, offset, mean, variance }));
      };
      const vectors = [
        { shape: [4] },
        { shape: [4] },
        { shape: [4] },
        { shape: [4], range: [0.5, 2] as [number, number] },
      ];
      await expectSame(run as never, [{ shape: [2, 5, 5, 3] }, { shape: [3, 3, 3, 4] }, ...vectors]);
    });

    it.each([[[2, 3, 4, 5]], [[6, 5]], [[2, 3, 5]]])('batchNormTrain of %j', async (shape) => {
      for (const activation of ['linear', 'relu'] as const) {
        const run = (x: tf.Tensor, scale: tf.Tensor1D, offset: tf.Tensor1D, residual: tf.Tensor) => {
          const runningMean = tf.variable(tf.zeros([5])) as tf.Variable<tf.Rank.R1>;
          const runningVariance = tf.variable(tf.ones([5])) as tf.Variable<tf.Rank.R1>;
          const y = batchNormTrain(
            x,
            { scale, offset, runningMean, runningVariance, residual },
            { activation },
          );
          const [mean, variance] = [tf.clone(runningMean), tf.clone(runningVariance)].map((v) =>
            tf.tensor(v.dataSync()),
          );
          tf.dispose([runningMean, runningVariance]);
          return [y, mean!, variance!];
        };
        await expectSame(run as never, [{ shape }, { shape: [5] }, { shape: [5] }, { shape }], {
          relative: 2e-5,
        });
      }
    });

    it.each([[[4]], [[2, 3, 3, 4]]])(
      'batchNorm, with statistics of %j, has the gradients of its formula',
      async (statistics) => {
        const run = (...[x, mean, variance, offset, scale]: tf.Tensor[]) => {
          if (tf.getBackend() === backend)
            return tf.batchNorm(x!, mean as never, variance as never, offset as never, scale as never, 1e-3);
          const normalised = tf.mul(tf.sub(x!, mean!), tf.rsqrt(tf.add(variance!, 1e-3)));
          return tf.add(tf.mul(normalised, scale!), offset!);
        };
        const vector = { shape: statistics };
        const variance = { shape: statistics, range: [0.5, 2] as [number, number] };
        await expectSame(run as never, [{ shape: [2, 3, 3, 4] }, vector, variance, vector, vector]);
      },
    );

    it.each([[[0]], [[1, 2]], [[0, 1, 2]], [[]]])(
      'mean over %j has the gradient of a sum, divided',
      async (axes) => {
        const run = (x: tf.Tensor) => {
          const count = axes.reduce((n: number, axis) => n * x.shape[axis]!, 1);
          return tf.getBackend() === backend ? tf.mean(x, axes) : tf.div(tf.sum(x, axes), count);
        };
        await expectSame(run as never, [{ shape: [3, 4, 5] }]);
      },
    );

    it('stridedSlice has the same gradient', async () => {
      await expectSame(((x: tf.Tensor) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 3])) as never, [
        { shape: [5, 7] },
      ]);
    });

    it('sparseCrossEntropy, also for large logits', async () => {
      const labels = () => tf.tensor1d([0, 3, 1], 'int32');
      const run = ((z: tf.Tensor2D) => sparseCrossEntropy(z, labels())) as never;
      await expectSame(run, [{ shape: [3, 4] }]);
      await expectSame(run, [{ shape: [3, 4], range: [-1e4, 1e4] }]);
    });

    it('softCrossEntropy and smoothedCrossEntropy, also for large logits', async () => {
      const targets = () => tf.tensor2d([1, 0, 0, 0, 0.2, 0.3, 0.5, 0, 0.5, 1, 0, 2], [3, 4]);
      const labels = () => tf.tensor1d([0, 3, 1], 'int32');
      const epsilons = () => tf.tensor1d([0, 0.1, 1]);
      for (const range of [
        [-2, 2],
        [-1e4, 1e4],
      ] as [number, number][]) {
        await expectSame(((z: tf.Tensor2D) => softCrossEntropy(z, targets())) as never, [
          { shape: [3, 4], range },
        ]);
        await expectSame(((z: tf.Tensor2D) => smoothedCrossEntropy(z, labels(), epsilons())) as never, [
          { shape: [3, 4], range },
        ]);
      }
    });

    it('logSoftmax, also for large logits and one class', async () => {
      const run = ((z: tf.Tensor2D) => logSoftmax(z)) as never;
      await expectSame(run, [{ shape: [3, 4] }]);
      await expectSame(run, [{ shape: [3, 4], range: [-1e4, 1e4] }]);
      await expectSame(run, [{ shape: [5, 1] }]);
    });

    it('linear, layerNorm, gelu and selfAttention', async () => {
      const linearOf = (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D) =>
        linear(x, { weight, bias });
      await expectSame(linearOf as never, [{ shape: [5, 7] }, { shape: [3, 7] }, { shape: [3] }]);
      const normOf = (x: tf.Tensor, scale: tf.Tensor1D, offset: tf.Tensor1D) =>
        layerNorm(x, { scale, offset });
      await expectSame(normOf as never, [{ shape: [2, 3, 8] }, { shape: [8] }, { shape: [8] }]);
      for (const form of ['erf', 'sigmoid'] as const)
        await expectSame(((x: tf.Tensor) => gelu(x, { form })) as never, [{ shape: [40], range: [-6, 6] }]);
      for (const heads of [1, 3])
        await expectSame(((qkv: tf.Tensor3D) => selfAttention(qkv, { heads })) as never, [
          { shape: [2, 70, 3 * 12] },
        ]);
    });

    it.each<[string, Step]>([
      ['sgdMomentumStep', ([w, v], g, i) => sgdMomentumStep([w], [g], [v], { ...RATES, nesterov: i === 2 })],
      [
        'sgdMomentumStep, decoupled',
        ([w, v], g) => sgdMomentumStep([w], [g], [v], { ...RATES, decoupled: true }),
      ],
      [
        'adamStep',
        ([w, m, v], g, i) =>
          adamStep([w], { gradients: [g], means: [m], squares: [v] }, { ...RATES, steps: [i + 1] }),
      ],
      [
        'adamStep, decoupled',
        ([w, m, v], g, i) =>
          adamStep(
            [w],
            { gradients: [g], means: [m], squares: [v] },
            { ...RATES, steps: [i + 1], decoupled: true },
          ),
      ],
      ['movingAverageStep', ([a], x) => movingAverageStep([a], [x], { decay: 0.9 })],
    ])('%s, and it leaves a view of the old values alone', async (_, step) => {
      const run = (w0: tf.Tensor, g: tf.Tensor) => {
        const moving = [w0, tf.zerosLike(w0), tf.zerosLike(w0)].map((x) => tf.variable(x)) as Moving;
        const seen = [tf.clone(moving[0]), tf.reshape(moving[0], [-1])];
        for (let i = 0; i < 3; i++) step(moving, g, i);
        const after = moving.map((x) => tf.tensor(x.dataSync(), x.shape));
        tf.dispose(moving);
        return [...after, ...seen];
      };
      await expectSame(run as never, [{ shape: [3, 4] }, { shape: [3, 4] }], { gradient: false });
    });

    testLinearAlgebra(expectSame);

    it('random tensors to the bit, and pictures', async () => {
      await expectSame(
        (() => [normal([5, 3], { seed: 3, deviation: 2 }), uniform([7], { seed: 1, low: -1 })]) as never,
        [],
        { gradient: false, relative: 0 },
      );
      const bytes = Uint8Array.from({ length: 2 * 5 * 3 * 3 }, (_, i) => (i * 37) % 256);
      await expectSame(
        (() =>
          imagesFromBytes(bytes, [2, 5, 3, 3], { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] })) as never,
        [],
        { gradient: false },
      );
    });
  });
}
