/** Every kernel against tfjs's cpu backend: values, gradients, broadcasting, odd and empty sizes. */
import type { Input } from '@longtail/kernels/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSame, library } from './both.ts';

const int = (shape: number[], range: [number, number] = [-5, 5]): Input => ({ shape, dtype: 'int32', range });
const bool = (shape: number[]): Input => ({ shape, dtype: 'bool' });
const positive = (shape: number[]): Input => ({ shape, range: [0.5, 3] });
const noGradient = { gradient: false };

describe.skipIf(!library)('kernels', () => {
  const unary: [keyof typeof tf, Input][] = [
    ['abs', { shape: [3, 5] }],
    ['exp', { shape: [7] }],
    ['expm1', { shape: [7] }],
    ['neg', { shape: [2, 1, 3] }],
    ['relu', { shape: [4, 3] }],
    ['sigmoid', { shape: [9] }],
    ['sin', { shape: [9] }],
    ['cos', { shape: [9] }],
    ['square', { shape: [1] }],
    ['tanh', { shape: [5] }],
    ['log', positive([6])],
    ['log1p', positive([6])],
    ['sqrt', positive([2, 2])],
    ['rsqrt', positive([3])],
    ['reciprocal', positive([3])],
    ['sign', { shape: [5] }],
    ['floor', { shape: [8] }],
    ['ceil', { shape: [8] }],
    ['round', { shape: [8] }],
    ['step', { shape: [8] }],
  ];
  it.each(unary)('%s', async (name, input) => {
    const run = tf[name] as (x: tf.Tensor) => tf.Tensor;
    await expectSame(run, [input]);
    await expectSame(run, [{ ...input, shape: [0] }], noGradient);
    await expectSame(run, [{ ...input, shape: [] }]);
  });

  const shapes: [number[], number[]][] = [
    [
      [3, 4],
      [3, 4],
    ],
    [[3, 4], [4]],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [[], [5]],
    [[0, 3], [3]],
  ];
  it.each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'squaredDifference', 'pow'] as const)(
    '%s, broadcast',
    async (name) => {
      const run = tf[name] as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
      for (const [a, b] of shapes)
        await expectSame(run, [positive(a), positive(b)], {
          // tfjs has no broadcast gradient for the last three
          gradient:
            !a.includes(0) && (a.join() === b.join() || ['add', 'sub', 'mul', 'div', 'pow'].includes(name)),
        });
      if (name !== 'div' && name !== 'pow') await expectSame(run, [int([4]), int([2, 4])], noGradient);
    },
  );

  it.each(['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const)(
    '%s',
    async (name) => {
      const run = tf[name] as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
      await expectSame(run, [int([5, 20]), int([20])], noGradient);
    },
  );

  it('logical operations and where', async () => {
    for (const run of [tf.logicalAnd, tf.logicalOr])
      await expectSame(run as never, [bool([3, 4]), bool([4])], noGradient);
    await expectSame(tf.logicalNot as never, [bool([7])], noGradient);
    await expectSame(
      ((a: tf.Tensor, b: tf.Tensor) => [
        tf.where(tf.tensor2d([1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1], [3, 4], 'bool'), a, b),
      ]) as never,
      [{ shape: [3, 4] }, { shape: [3, 4] }],
    );
  });

  it.each(['sum', 'mean', 'max', 'min'] as const)('%s over axes', async (name) => {
    for (const [axis, keepDims] of [
      [undefined, false],
      [0, false],
      [[1, 2], true],
      [-1, false],
    ] as const)
      await expectSame(((x: tf.Tensor) => tf[name](x, axis as number, keepDims)) as never, [
        { shape: [3, 4, 2] },
      ]);
    if (name !== 'mean')
      await expectSame(((x: tf.Tensor) => tf[name](x, 1)) as never, [int([3, 4])], noGradient);
  });

  it('argMax and argMin', async () => {
    for (const run of [tf.argMax, tf.argMin])
      await expectSame(((x: tf.Tensor) => [run(x, 0), run(x, 1)]) as never, [{ shape: [4, 5] }], noGradient);
  });

  it('argMax and argMin of equals take the first, however long the rows are', () => {
    tf.tidy(() => {
      const rows = tf.tidy(() => tf.mod(tf.reshape(tf.range(0, 3 * 1001), [3, 1001]), 7));
      expect([...tf.argMax(rows, 1).dataSync()]).toEqual([6, 6, 6]);
      expect([...tf.argMin(rows, 1).dataSync()]).toEqual([0, 0, 0]);
      expect([...tf.argMax(tf.fill([2, 1001], Number.NEGATIVE_INFINITY), 1).dataSync()]).toEqual([0, 0]);
    });
  });

  it('matMul, transposed and in batches', async () => {
    for (const [a, b, ta, tb] of [
      [[3, 4], [4, 5], false, false],
      [[4, 3], [5, 4], true, true],
      [[2, 3, 4], [2, 4, 1], false, false],
      [[2, 3, 4], [1, 5, 4], false, true],
    ] as const)
      await expectSame(
        ((x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, ta, tb)) as never,
        [{ shape: [...a] }, { shape: [...b] }],
        { gradient: b[0] !== 1 || b.length < 3 },
      );
    const product = ((x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y)) as never;
    await expectSame(product, [int([3, 4]), int([4, 2])], noGradient);
  });

  it('softmax, logSoftmax, clipByValue', async () => {
    await expectSame(
      ((x: tf.Tensor) => [tf.softmax(x), tf.logSoftmax(x), tf.clipByValue(x, -1, 0.5)]) as never,
      [{ shape: [3, 7] }],
    );
  });

  it('shapes: reshape, expandDims, transpose, slice, pad, concat, stack, unstack, split, tile, gather, reverse', async () => {
    await expectSame(
      ((x: tf.Tensor) => [
        tf.reshape(x, [4, -1]),
        tf.expandDims(x, 1),
        tf.transpose(x, [2, 0, 1]),
        tf.slice(x, [1, 0, 2], [1, 2, -1]),
        tf.pad(
          x,
          [
            [0, 1],
            [2, 0],
            [0, 0],
          ],
          3,
        ),
        tf.concat([x, x], 1),
        tf.stack([x, x], 1),
        ...tf.unstack(x, 1),
        ...tf.split(x, [1, 3], 2),
        tf.tile(x, [2, 1, 3]),
        tf.reverse(x, [0, 2]),
        tf.reshape(tf.transpose(x), [-1]), // a copy: the view is not contiguous
      ]) as never,
      [{ shape: [2, 2, 4] }],
    );
    await expectSame(
      ((x: tf.Tensor) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [2, 0],
              [1, 1],
            ],
            [2, 2],
            'int32',
          ),
          1,
        )) as never,
      [{ shape: [2, 3] }],
      noGradient,
    );
  });

  it('stridedSlice, also backwards', async () => {
    await expectSame(
      ((x: tf.Tensor) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 3])) as never,
      [{ shape: [5, 7] }],
      noGradient,
    );
    await expectSame(
      ((x: tf.Tensor) => tf.stridedSlice(x, [4, -1], [0, -6], [-2, -1])) as never,
      [{ shape: [5, 7] }],
      noGradient,
    );
  });

  it('casts, fills, one-hot, ranges', async () => {
    await expectSame(
      ((x: tf.Tensor) => [tf.cast(x, 'int32'), tf.cast(x, 'bool'), tf.onesLike(x), tf.zerosLike(x)]) as never,
      [{ shape: [9] }],
      noGradient,
    );
    await expectSame(
      ((x: tf.Tensor) => [
        tf.cast(x, 'float32'),
        tf.oneHot(x as tf.Tensor1D, 6),
        tf.range(2, 9, 3),
        tf.fill([2, 2], 7),
        tf.fill([1], 2, 'int32'),
      ]) as never,
      [int([6], [0, 6])],
      noGradient,
    );
  });

  it('tf.conv2d: every padding, stride and dilation, and tf.batchNorm', async () => {
    for (const [strides, padding, dilations] of [
      [1, 'same', 1],
      [2, 'same', 1],
      [2, 'valid', 1],
      [
        1,
        [
          [0, 0],
          [1, 1],
          [2, 0],
          [0, 0],
        ],
        1,
      ],
      [1, 'same', 2],
    ] as const)
      await expectSame(
        ((x: tf.Tensor4D, w: tf.Tensor4D) =>
          tf.conv2d(x, w, strides, padding as 'same', 'NHWC', dilations)) as never,
        [{ shape: [2, 7, 6, 3] }, { shape: [3, 2, 3, 4] }],
        { gradient: dilations === 1 },
      );
    const vector = positive([3]);
    await expectSame(
      ((x: tf.Tensor4D, mean: tf.Tensor1D, variance: tf.Tensor1D, offset: tf.Tensor1D, scale: tf.Tensor1D) =>
        tf.batchNorm4d(x, mean, variance, offset, scale, 1e-5)) as never,
      [{ shape: [2, 3, 4, 3] }, vector, vector, vector, vector],
    );
  });
});
