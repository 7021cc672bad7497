/** Numbers that no float32 or int32 holds, as tfjs's cpu backend takes them: infinite, wrapped, or 0. */

import type { Compute } from '@longtail/kernels/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectSame, library } from './both.ts';

const floats = () =>
  tf.tensor2d([[-2, -0.001, 0, 3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]]);
const wholes = () => tf.tensor2d([[-2, 0, 7, 2 ** 31 - 1, -(2 ** 31)]], undefined, 'int32');
const truths = () => tf.tensor2d([[1, 0]], undefined, 'bool');
const picture = () => tf.tensor4d([-1, 2, 0, -0.001], [1, 2, 2, 1]);
const around = [
  [0, 0],
  [1, 1],
] as [number, number][];
const indices = () => tf.tensor1d([0, 2], 'int32');
/** The truth of a bool: the cpu backend keeps a byte for it, 44 of 300. */
const truth = (x: tf.Tensor) => tf.notEqual(tf.cast(x, 'int32'), 0);

const leaky = { strides: 1, pad: 'same', activation: 'leakyrelu' } as const;
const ordered = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
const most = Number.MAX_VALUE;

const KERNELS: Record<string, (value: number) => tf.Tensor | tf.Tensor[]> = {
  fill: (v) => [tf.fill([2], v), tf.fill([2], v, 'int32'), truth(tf.fill([2], v, 'bool' as 'int32'))],
  pad: (v) => [tf.pad(floats(), around, v), tf.pad(wholes(), around, v), truth(tf.pad(truths(), around, v))],
  step: (v) => [tf.step(floats(), v), tf.step(wholes(), v)],
  oneHot: (v) => [
    tf.oneHot(indices(), 3, v, 0, 'float32'),
    tf.oneHot(indices(), 3, 1, v, 'float32'),
    tf.oneHot(indices(), 3, v, 0, 'int32'),
    tf.oneHot(indices(), 3, 1, v),
  ],
  leakyRelu: (v) => [tf.leakyRelu(floats(), v), tf.leakyRelu(wholes(), v)],
  'leakyRelu behind a convolution': (v) => [
    tf.fused.conv2d({ ...leaky, x: picture(), filter: tf.ones([1, 1, 1, 1]), leakyreluAlpha: v }),
    tf.fused.depthwiseConv2d({ ...leaky, x: picture(), filter: tf.ones([1, 1, 1, 1]), leakyreluAlpha: v }),
  ],
  'leakyRelu behind a product': (v) =>
    tf.fused.matMul({
      a: tf.tensor2d([-1, 2, 0, -0.001], [2, 2]),
      b: tf.eye(2),
      activation: 'leakyrelu',
      leakyreluAlpha: v,
    }),
  clipByValue: (v) => {
    const ends = [v, v === Number.NEGATIVE_INFINITY ? v : -most, v === Number.POSITIVE_INFINITY ? v : most];
    // tfjs refuses ends in the wrong order, and so NaN.
    if (Number.isNaN(v)) return [];
    return ends.flatMap((end) => [floats(), wholes()].map((x) => tf.clipByValue(x, ...ordered(v, end))));
  },
  range: (v) => [tf.range(v, v + 2, 1), tf.range(v, v + 2, 1, 'int32')],
  cast: (v) => [tf.cast(tf.tensor1d([v, 1]), 'int32'), tf.cast(tf.tensor1d([v, 1]), 'bool')],
  'the epsilon of batchNorm': (v) =>
    tf.batchNorm(
      tf.ones([2, 2, 2, 2]),
      tf.zeros([2]),
      tf.ones([2]),
      tf.zeros([2]),
      tf.ones([2]),
      Math.abs(v),
    ),
};

const SCALARS = [
  ...[1e39, -1e39, most, -most],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
  ...[3e9, -3e9, 2 ** 31, -1.5 * 2 ** 31, 2 ** 32],
  ...[1e-50, -1e-50, 2.5, -2.5, 300],
];

describe.skipIf(!library)('as the cpu backend', () => {
  it.each(Object.keys(KERNELS))('%s', async (name) => {
    for (const value of SCALARS)
      await expectSame((() => KERNELS[name]!(value)) as Compute, [], { gradient: false });
  });

  it('gradients of what is clipped, padded and leaks', async () => {
    const gradient = (run: (x: tf.Tensor) => tf.Tensor) => () => tf.grad(run)(floats());
    for (const value of [1e39, most])
      await expectSame(
        (() => [
          gradient((x) => tf.clipByValue(x, -value, value))(),
          gradient((x) => tf.pad(x, around, value))(),
          gradient((x) => tf.leakyRelu(x, value))(),
        ]) as Compute,
        [],
        { gradient: false },
      );
  });
});

describe.skipIf(!library)('tfjs-layers, which clips at the largest number of JavaScript,', () => {
  it('has its mean absolute percentage error', async () => {
    const compute = () => tf.metrics.meanAbsolutePercentageError(tf.tensor1d([0, 4]), tf.tensor1d([1, 5]));
    await expectSame(compute as Compute, [], { gradient: false });
  });

  it.each(['meanAbsolutePercentageError', 'meanSquaredLogarithmicError'])('trains by %s', async (loss) => {
    const losses: number[] = [];
    for (const backend of ['cpu', 'torch']) {
      await tf.setBackend(backend);
      const layer = tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' });
      const model = tf.sequential({ layers: [layer] });
      model.compile({ optimizer: 'sgd', loss });
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [3]])];
      const { history } = await model.fit(x, y, { epochs: 3, shuffle: false, verbose: 0 });
      losses.push(history.loss!.at(-1) as number);
      model.dispose();
      tf.dispose([x, y]);
    }
    expect(losses[1]).toBeCloseTo(losses[0]!, 4); // float32 sums of two terms
  });
});
