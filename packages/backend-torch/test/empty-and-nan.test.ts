/** Tensors without values, and values that are none: as tfjs's cpu backend has them. */
import { fusedConv2dGeneral } from '@longtail/kernels';
import type { Compute } from '@longtail/kernels/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSame, library } from './both.ts';

type Make = () => tf.Tensor | tf.Tensor[];
const same = (make: Make) => expectSame(make as Compute, [], { gradient: false });
const zeros = (...shape: number[]) => tf.zeros(shape) as tf.Tensor & tf.Tensor1D & tf.Tensor2D & tf.Tensor4D;
const none = () => tf.tensor1d([], 'int32');

describe.skipIf(!library)('as the cpu backend', () => {
  it.each<[string, Make]>([
    ['add', () => tf.add(zeros(0, 3), zeros(3))],
    ['sums', () => [tf.sum(zeros(0, 3), 0), tf.sum(zeros(0, 3), 1), tf.sum(zeros(0))]],
    [
      'prod, max and argMax of other axes',
      () => [tf.prod(zeros(0, 3), 0), tf.max(zeros(0, 3), 1), tf.argMax(zeros(0, 3), 1)],
    ],
    [
      'matMul',
      () => [
        tf.matMul(zeros(0, 3), zeros(3, 2)),
        tf.matMul(zeros(2, 0), zeros(0, 3)),
        tf.matMul(zeros(0, 2, 3), zeros(0, 3, 1)),
      ],
    ],
    [
      'convolutions',
      () => [
        tf.conv2d(zeros(0, 5, 5, 2), zeros(3, 3, 2, 4), 1, 'same'),
        tf.depthwiseConv2d(zeros(0, 5, 5, 2), zeros(3, 3, 2, 1), 1, 'same'),
      ],
    ],
    [
      'pools',
      () => [tf.maxPool(zeros(0, 4, 4, 1), 2, 2, 'valid'), tf.avgPool(zeros(0, 4, 4, 1), 2, 2, 'valid')],
    ],
    ['batchNorm', () => tf.batchNorm(zeros(0, 2, 2, 3), zeros(3), tf.ones([3]))],
    ['reshape and transpose', () => [tf.reshape(zeros(0, 3), [3, 0]), tf.transpose(zeros(0, 3))]],
    [
      'concat, stack, unstack and split',
      () => [
        tf.concat([zeros(0, 3), zeros(2, 3)]),
        tf.stack([zeros(0), zeros(0)]),
        ...tf.unstack(zeros(2, 0)),
        ...tf.split(zeros(0, 4), 2, 1),
      ],
    ],
    [
      'slice, stridedSlice, pad, tile and reverse',
      () => [
        tf.slice(zeros(4, 3), [1, 0], [0, 3]),
        tf.stridedSlice(zeros(4), [2], [2], [1]),
        tf.pad(
          zeros(0, 2),
          [
            [1, 1],
            [0, 0],
          ],
          3,
        ),
        tf.tile(tf.ones([2]), [0]),
        tf.reverse(zeros(0, 2), 0),
      ],
    ],
    ['gather', () => [tf.gather(tf.ones([3, 2]), none()), tf.gather(zeros(3, 0), tf.tensor1d([1], 'int32'))]],
    [
      'gatherND and scatterND',
      () => [
        tf.gatherND(tf.ones([3]), tf.zeros([0, 1], 'int32')),
        tf.scatterND(tf.zeros([0, 1], 'int32'), zeros(0), [3]),
      ],
    ],
    [
      'oneHot, softmax and cumsum',
      () => [
        tf.oneHot(none(), 3),
        tf.softmax(zeros(0, 3)),
        tf.logSoftmax(zeros(0, 3)),
        tf.cumsum(zeros(0, 3), 0),
      ],
    ],
    [
      'where, clip, cast and fill',
      () => [
        tf.where(tf.cast(zeros(0), 'bool'), zeros(0), zeros(0)),
        tf.clipByValue(zeros(0), 0, 1),
        tf.cast(zeros(0), 'int32'),
        tf.fill([0, 2], 3),
      ],
    ],
    [
      'resizing',
      () => [
        tf.image.resizeBilinear(zeros(0, 2, 2, 1), [4, 4]),
        tf.image.resizeNearestNeighbor(zeros(0, 2, 2, 1), [4, 4]),
      ],
    ],
    [
      'strings and complex numbers',
      () => [tf.tensor1d([], 'string'), tf.real(tf.complex(zeros(0), zeros(0)))],
    ],
    [
      'gradients',
      () => [
        ...tf.grads((a, b) => tf.sum(tf.matMul(a, b)))([zeros(0, 3), zeros(3, 2)]),
        ...tf.grads((a, b) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')))([
          zeros(0, 5, 5, 2),
          zeros(3, 3, 2, 4),
        ]),
      ],
    ],
  ])('empty tensors: %s', (_, make) => same(make));

  const nan = Number.NaN;
  const x = () =>
    tf.tensor2d([
      [nan, 1, 2],
      [3, nan, -1],
      [-2, 0, nan],
      [nan, nan, nan],
      [1, 2, 3],
    ]);
  const y = () =>
    tf.tensor2d([
      [1, nan, 2],
      [nan, nan, 0],
      [0, -1, nan],
      [nan, 1, nan],
      [3, 2, 1],
    ]);
  const picture = () =>
    tf.tensor4d([nan, 1, 2, 3, 4, nan, -1, 0, 1, 2, 3, 4, nan, nan, nan, nan], [1, 4, 4, 1]);
  it.each<[string, Make]>([
    ['max and min', () => [tf.max(x(), 1), tf.max(x(), 0), tf.max(x()), tf.min(x(), 1), tf.min(x(), 0)]],
    ['maximum and minimum', () => [tf.maximum(x(), y()), tf.minimum(x(), y())]],
    ['argMax and argMin', () => [tf.argMax(x(), 1), tf.argMax(x(), 0), tf.argMin(x(), 1), tf.argMin(x(), 0)]],
    [
      'relu, relu6, elu, selu, leakyRelu and prelu',
      () => [
        tf.relu(x()),
        tf.relu6(x()),
        tf.elu(x()),
        tf.selu(x()),
        tf.leakyRelu(x()),
        tf.prelu(x(), tf.tensor2d([[0.1]])),
      ],
    ],
    ['clip, step and sign', () => [tf.clipByValue(x(), -1, 1), tf.step(x()), tf.sign(x())]],
    [
      'pools',
      () => [
        tf.maxPool(picture(), 2, 2, 'valid'),
        tf.maxPool(picture(), 3, 1, 'same'),
        tf.avgPool(picture(), 2, 2, 'valid'),
        tf.avgPool(picture(), 3, 1, 'same'),
      ],
    ],
    [
      'a pool’s gradient',
      () => tf.grad((a) => tf.sum(tf.maxPool(a as tf.Tensor4D, 2, 2, 'valid')))(picture()),
    ],
    [
      'sums, means, products and softmax',
      () => [tf.sum(x(), 1), tf.mean(x(), 0), tf.prod(x(), 1), tf.softmax(x()), tf.cumsum(x(), 1)],
    ],
    [
      'comparisons',
      () => [
        tf.equal(x(), y()),
        tf.notEqual(x(), y()),
        tf.less(x(), y()),
        tf.greaterEqual(x(), y()),
        tf.isNaN(x()),
      ],
    ],
    [
      'casts and floorDiv',
      () => [
        tf.cast(x(), 'int32'),
        tf.cast(tf.div(x(), 0), 'int32'),
        tf.cast(x(), 'bool'),
        tf.floorDiv(x(), y()),
      ],
    ],
    [
      'matMul and batchNorm',
      () => [tf.matMul(x(), y(), true, false), tf.batchNorm(x(), tf.tensor1d([0, nan, 1]), tf.ones([3]))],
    ],
    [
      'a convolution, a sum and ReLU in one, of every kind',
      () =>
        [
          { size: 3, strides: 2, padding: 1 },
          { size: 3, strides: 1, padding: 1 },
          { size: 1, strides: 1, padding: 0 },
        ].flatMap(({ size, ...how }) => {
          const images = tf.concat4d([tf.fill([1, 6, 6, 8], nan), tf.ones([1, 6, 6, 8])], 0);
          const filter = tf.ones<tf.Rank.R4>([size, size, 8, 8]);
          const bias = tf.zeros<tf.Rank.R1>([8]);
          const y = fusedConv2dGeneral(images, { filter, bias }, { ...how, activation: 'relu' });
          const residual = tf.onesLike(y);
          return [y, fusedConv2dGeneral(images, { filter, bias, residual }, { ...how, activation: 'relu' })];
        }),
    ],
  ])('NaN: %s', (_, make) => same(make));
});
