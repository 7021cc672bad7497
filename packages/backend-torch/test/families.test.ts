/** The other families of kernels against tfjs's cpu backend: values, gradients, types, and no handle left. */
import type { Compute, Input } from '@longtail/kernels/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSame, library } from './both.ts';

type X = tf.Tensor & tf.Tensor1D & tf.Tensor2D & tf.Tensor3D & tf.Tensor4D & tf.Tensor5D;
type Case = [name: string, compute: (...x: X[]) => tf.Tensor | tf.Tensor[], inputs: Input[]];
const float = (...shape: number[]): Input => ({ shape });
const int = (...shape: number[]): Input => ({ shape, dtype: 'int32', range: [-4, 4] });
const bool = (...shape: number[]): Input => ({ shape, dtype: 'bool' });
const unit = (...shape: number[]): Input => ({ shape, range: [-0.9, 0.9] });
const positive = (...shape: number[]): Input => ({ shape, range: [1.1, 3] });

const withGradient: Case[] = [
  ['acos', (x) => tf.acos(x), [unit(5)]],
  ['acosh', (x) => tf.acosh(x), [positive(5)]],
  ['asin', (x) => tf.asin(x), [unit(5)]],
  ['asinh', (x) => tf.asinh(x), [float(5)]],
  ['atan', (x) => tf.atan(x), [float(5)]],
  ['atanh', (x) => tf.atanh(x), [unit(5)]],
  ['cosh', (x) => tf.cosh(x), [float(5)]],
  ['sinh', (x) => tf.sinh(x), [float(5)]],
  ['tan', (x) => tf.tan(x), [unit(5)]],
  ['erf', (x) => tf.erf(x), [float(5)]],
  ['atan2', (a, b) => tf.atan2(a, b), [float(3, 4), float(3, 4)]],
  ['mod', (a, b) => tf.mod(a, b), [float(3, 4), positive(3, 4)]],
  ['elu', (x) => tf.elu(x), [float(3, 4)]],
  ['selu', (x) => tf.selu(x), [float(3, 4)]],
  ['softplus', (x) => tf.softplus(x), [float(3, 4)]],
  ['relu6', (x) => tf.relu6(x), [{ shape: [9], range: [-9, 9] }]],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3), [float(3, 4)]],
  ['prelu', (x, a) => tf.prelu(x, a), [float(3, 4), unit(4)]],
  ['prod', (x) => tf.prod(x, [0, 2]), [positive(2, 3, 2)]],
  ['cumsum', (x) => tf.cumsum(x, 1, true, true), [float(3, 4)]],
  ['maxPool', (x) => tf.maxPool(x, 2, 2, 'valid'), [float(2, 5, 6, 3)]],
  ['maxPool, same', (x) => tf.maxPool(x, 3, 2, 'same'), [float(2, 5, 6, 3)]],
  ['maxPool, 1', (x) => tf.maxPool(x, 3, 1, 1, 'floor'), [float(1, 5, 4, 2)]],
  ['avgPool', (x) => tf.avgPool(x, 2, 2, 'valid'), [float(2, 5, 6, 3)]],
  ['maxPool3d', (x) => tf.maxPool3d(x, 2, 1, 'same'), [float(1, 3, 4, 3, 2)]],
  ['avgPool3d', (x) => tf.avgPool3d(x, 2, 2, 'valid'), [float(1, 4, 4, 3, 2)]],
  ['conv2d of single places', (x, w) => tf.conv2d(x, w, 1, 'valid'), [float(6, 3, 5, 4), float(1, 1, 4, 7)]],
  [
    'conv2d of single places, many',
    (x, w) => tf.conv2d(x, w, 1, 0),
    [float(4, 10, 10, 2), float(1, 1, 2, 3)],
  ],
  ['conv3d', (x, w) => tf.conv3d(x, w, 1, 'same'), [float(1, 3, 4, 3, 2), float(2, 2, 3, 2, 3)]],
  ['depthwiseConv2d', (x, w) => tf.depthwiseConv2d(x, w, 2, 'same'), [float(2, 6, 5, 3), float(3, 3, 3, 2)]],
  [
    'conv2dTranspose',
    (x, w) => tf.conv2dTranspose(x, w, [1, 7, 7, 2], 2, 'same'),
    [float(1, 4, 4, 3), float(3, 3, 2, 3)],
  ],
  [
    'spaceToBatchND',
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 1],
        ],
      ),
    [float(1, 4, 4, 2)],
  ],
  [
    'batchToSpaceND',
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    [float(4, 2, 3, 2)],
  ],
  [
    'mirrorPad',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 1],
          [2, 0],
        ],
        'reflect',
      ),
    [float(3, 4)],
  ],
  ['resizeBilinear, aligned', (x) => tf.image.resizeBilinear(x, [7, 3], true), [float(2, 4, 4, 2)]],
  ['resizeBilinear', (x) => tf.image.resizeBilinear(x, [7, 3]), [float(2, 4, 4, 2)]],
  // Of several pictures the cpu's gradient is wrong (found.test.ts has the right one).
  ['resizeNearestNeighbor', (x) => tf.image.resizeNearestNeighbor(x, [8, 10]), [float(1, 4, 4, 2)]],
  ['unsortedSegmentSum', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2], 'int32'), 3), [float(3, 2)]],
  [
    'gather',
    (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [1, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    [float(3, 2)],
  ],
  [
    'batchNorm, place by place',
    (x, m, s) => tf.batchNorm(x, m, tf.onesLike(m), m, s),
    [float(2, 3), float(2, 3), float(2, 3)],
  ],
  ['LRN', (x) => tf.localResponseNormalization(x, 2), [float(1, 2, 2, 5)]],
];

const withoutGradient: Case[] = [
  ['isNaN, isInf, isFinite', (x) => [tf.isNaN(x), tf.isInf(x), tf.isFinite(tf.div(x, 0))], [float(5)]],
  ['floorDiv', (a, b) => tf.floorDiv(a, b), [int(3, 4), { shape: [4], dtype: 'int32', range: [1, 4] }]],
  ['bitwiseAnd', (a, b) => tf.bitwiseAnd(a, b), [int(7), int(7)]],
  ['all, any', (x) => [tf.all(x, 0), tf.any(x, [0, 1], true)], [bool(3, 4)]],
  ['cumsum of int32 and bool', (x, y) => [tf.cumsum(x, 0), tf.cumsum(y, 0)], [int(4, 3), bool(5)]],
  ['cumprod', (x) => tf.cumprod(x, 1, true), [float(3, 4)]],
  ['topk', (x) => Object.values(tf.topk(x, 3)), [{ shape: [4, 9], dtype: 'int32', range: [0, 4] }]],
  ['topk of long rows', (x) => Object.values(tf.topk(x, 7)), [float(5, 300)]],
  ['topk of all but one', (x) => Object.values(tf.topk(x, 299)), [float(2, 300)]],
  [
    'topk of equals',
    (x) => Object.values(tf.topk(x, 3)),
    [{ shape: [4, 900], dtype: 'int32', range: [0, 40] }],
  ],
  ['topk of equals, the last alone', () => Object.values(tf.topk(tf.mod(tf.range(0, 300), 100), 6)), []],
  ['topk of equals, the last not', () => Object.values(tf.topk(tf.mod(tf.range(0, 300), 100), 5)), []],
  ['argMax of bool', (x) => tf.argMax(x, 0), [bool(6)]],
  ['sum and prod over no axes', (x) => [tf.sum(x, []), tf.prod(x, [])], [float(2, 3)]],
  ['maxPool of int32', (x) => tf.maxPool(x, 2, 1, 'same'), [int(1, 3, 3, 2)]],
  ['add of bool', (x) => tf.add(tf.cast(x, 'int32'), tf.logicalNot(x)), [bool(4)]],
  ['concat of two types', (a, b) => tf.concat([a, b]), [int(3), float(2)]],
  ['where of two types', (a, b) => tf.where(tf.greater(b, 0), a, b), [int(5), float(5)]],
  ['clipByValue of int32', (x) => tf.clipByValue(x, -2, Number.POSITIVE_INFINITY), [int(9)]],
  ['stridedSlice of a scalar', (x) => tf.stridedSlice(x, [0], [1], [1], 0, 0, 0, 1, 0), [float()]],
  [
    'gatherND',
    (x) => [
      tf.gatherND(x, tf.tensor1d([1, 0], 'int32')),
      tf.gatherND(x, tf.tensor2d([[1], [0]], [2, 1], 'int32')),
    ],
    [float(2, 3)],
  ],
  ['scatterND', (x) => tf.scatterND(tf.tensor2d([[1], [1], [3]], [3, 1], 'int32'), x, [4, 2]), [float(3, 2)]],
  ['unsortedSegmentSum of none', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([], 'int32'), 2), [float(0, 3)]],
  ['depthToSpace', (x) => tf.depthToSpace(x, 2), [float(1, 2, 1, 8)]],
  ['flipLeftRight', (x) => tf.image.flipLeftRight(x), [float(1, 3, 4, 2)]],
  [
    'resizeBilinear, half pixels',
    (x) => tf.image.resizeBilinear(x, [7, 3], false, true),
    [float(2, 4, 4, 2)],
  ],
  ['range down', () => tf.range(4, -3, -2, 'int32'), []],
  [
    'complex',
    (a, b) => [tf.real(tf.mul(tf.complex(a, b), tf.complex(b, a))), tf.abs(tf.complex(a, b))],
    [float(4), float(4)],
  ],
  ['fft, by the cpu', (x) => tf.real(tf.spectral.rfft(x)), [float(2, 8)]],
  [
    'unique and einsum, by the cpu',
    (x, y) => [tf.unique(tf.round(x)).values, tf.einsum('ij,jk->ik', y, y)],
    [float(9), float(3, 3)],
  ],
  [
    'fused conv2d',
    (x, w, b) => tf.fused.conv2d({ x, filter: w, strides: 1, pad: 'same', bias: b, activation: 'relu6' }),
    [float(2, 5, 5, 3), float(3, 3, 3, 4), float(4)],
  ],
  [
    'fused depthwise',
    (x, w, b) =>
      tf.fused.depthwiseConv2d({ x, filter: w, strides: 1, pad: 'same', bias: b, activation: 'elu' }),
    [float(2, 5, 5, 3), float(3, 3, 3, 1), float(3)],
  ],
  [
    'fused matMul',
    (a, b, c) => tf.fused.matMul({ a, b, bias: c, activation: 'sigmoid' }),
    [float(3, 4), float(4, 5), float(5)],
  ],
];

describe.skipIf(!library)('families', () => {
  // float32 sums and interpolations in another order.
  it.each(withGradient)('%s, and its gradient', (_, compute, inputs) =>
    expectSame(compute as Compute, inputs, { relative: 3e-5 }),
  );
  it.each(withoutGradient)('%s', (_, compute, inputs) =>
    expectSame(compute as Compute, inputs, { relative: 3e-5, gradient: false }),
  );
});
