/** One tensor in two places, and a gradient of a gradient. */
import { fusedConv2dGeneral, sgdMomentumStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSame, library } from './both.ts';

const values = (x: tf.Tensor): number[] => [...x.dataSync()];

describe.skipIf(!library)('twice', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it('a filter that lies in order already shares its memory still, and a step leaves the views alone', () => {
    tf.tidy(() => {
      const filter = tf.variable(tf.ones([1, 1, 4, 1])) as tf.Variable<tf.Rank.R4>;
      const seen = tf.reshape(filter, [4]);
      tf.conv2d(tf.ones([1, 4, 4, 4]) as tf.Tensor4D, filter, 1, 'valid');
      const velocity = tf.variable(tf.zerosLike(filter));
      sgdMomentumStep([filter], [tf.ones([1, 1, 4, 1])], [velocity], { learningRate: 1 });
      expect(values(seen)).toEqual([1, 1, 1, 1]);
      expect(values(filter)).toEqual([0, 0, 0, 0]);
      tf.dispose([filter, velocity]);
    });
  });

  it('a picture may be its own filter', async () => {
    type T4 = tf.Tensor4D;
    const shapes = [{ shape: [2, 2, 2, 2] }];
    await expectSame(((t: T4) => tf.conv2d(t, t, 1, 'valid')) as never, shapes);
    const fused = (t: T4) => fusedConv2dGeneral(t, { filter: t, bias: tf.ones([2]) }, { padding: 1 });
    await expectSame(fused as never, shapes);
  });

  it('a vector may be scale and offset', async () => {
    const run = (v: tf.Tensor1D, t: tf.Tensor1D) =>
      tf.batchNorm(tf.ones([3, 2]), tf.tensor1d([0, 1]), v, t, t);
    const [variance, both] = [{ shape: [2], range: [1, 2] as [number, number] }, { shape: [2] }];
    await expectSame(run as never, [variance, both]);
  });

  it('gradients of nothing are nothing', () => {
    const c = tf.ones([4]) as tf.Tensor1D;
    const ofNorm = tf.grad((x) => tf.sum(tf.batchNorm(x as tf.Tensor4D, c, c, c, c)));
    expect(ofNorm(tf.zeros([0, 3, 3, 4])).shape).toEqual([0, 3, 3, 4]);
    expect(tf.grad((x) => tf.sum(tf.mean(x, 0)))(tf.zeros([0, 3])).shape).toEqual([0, 3]);
  });

  it('second derivatives of relu, mean and batchNorm', () => {
    const second = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad((x) => tf.sum(tf.square(tf.grad(f)(x))));
    // f = relu(x)^2: f' = 2x, (f'^2)' = 8x where x > 0.
    expect(values(second((x) => tf.sum(tf.square(tf.relu(x))))(tf.tensor1d([-1, 2])))).toEqual([0, 16]);
    // f = mean(x^2) of two values: f' = x, (f'^2)' = 2x.
    expect(values(second((x) => tf.mean(tf.square(x)))(tf.tensor([3, 4], [1, 1, 1, 1, 2])))).toEqual([6, 8]);
    const [zero, one] = [tf.zeros([1]) as tf.Tensor1D, tf.ones([1]) as tf.Tensor1D];
    // f = (2 x + 1)^2 with a scale of 2 at unit variance: f' = 4 (2x + 1), (f'^2)' = 64 (2x + 1).
    const norm = (x: tf.Tensor) =>
      tf.sum(tf.square(tf.batchNorm(x as tf.Tensor2D, zero, one, one, tf.mul(one, 2), 1e-12)));
    expect(values(second(norm)(tf.tensor2d([[1], [-1]])))).toEqual([192, -64]);
  });
});
