/** What differential tests have found, each kept as one example. */
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSame, library } from './both.ts';

const noise = (...shape: number[]) => normal(shape, { seed: 0, keys: shape });

describe.skipIf(!library)('found by random inputs', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it('the mean of int32 over no axes is float32 in its values, too', () => {
    expect([...tf.mean(tf.tensor1d([3, -2], 'int32'), []).dataSync()]).toEqual([3, -2]);
  });

  it('complex numbers broadcast', () => {
    const [a, b] = [tf.complex([1, 2], [3, 4]), tf.complex([[5], [6]], [[0], [1]])];
    expect([...tf.add(a, b).dataSync()]).toEqual([6, 3, 7, 4, 7, 4, 8, 5]);
    expect([...tf.sub(a, b).dataSync()]).toEqual([-4, 3, -3, 4, -5, 2, -4, 3]);
    expect([...tf.mul(a, b).dataSync()]).toEqual([5, 15, 10, 20, 3, 19, 8, 26]);
  });

  it('one channel to a width of one, in steps', async () => {
    const [x, w] = [{ shape: [2, 7, 5, 1] }, { shape: [3, 4, 1, 2] }];
    await expectSame(((a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, [1, 2], 'valid')) as never, [x, w]);
    await expectSame(((a: tf.Tensor5D, b: tf.Tensor5D) => tf.conv3d(a, b, [1, 1, 2], 'valid')) as never, [
      { shape: [2, 3, 7, 3, 1] },
      { shape: [2, 3, 2, 1, 2] },
    ]);
  });

  it('the slope of single places, in steps, with few channels', async () => {
    const steps = (strides: [number, number]) => (a: tf.Tensor4D, b: tf.Tensor4D) =>
      tf.conv2d(a, b, strides, 'valid');
    for (const strides of [
      [2, 2],
      [3, 1],
      [1, 2],
      [9, 9],
    ] as [number, number][])
      await expectSame(steps(strides) as never, [{ shape: [2, 8, 7, 3] }, { shape: [1, 1, 3, 5] }]);
    const wider = [
      [0, 0],
      [0, 1],
      [2, 1],
      [0, 0],
    ] as never;
    const padded = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, 2, wider);
    await expectSame(padded as never, [{ shape: [2, 7, 7, 3] }, { shape: [1, 1, 3, 5] }]);
  });

  it('same padding of a volume never skips its first places', () => {
    const x = noise(1, 5, 5, 5, 2) as tf.Tensor5D;
    const every = tf.stridedSlice(x, [0, 0, 0, 0, 0], [1, 5, 5, 5, 2], [1, 2, 2, 2, 1]).dataSync();
    const gradient = tf.grad((at) => tf.sum(tf.maxPool3d(at as tf.Tensor5D, 1, 2, 'same')))(x);
    expect(tf.maxPool3d(x, 1, 2, 'same').dataSync()).toEqual(every);
    expect(gradient.shape).toEqual(x.shape);
    expect(tf.sum(gradient).dataSync()[0]).toBe(27 * 2);
  });

  it('the gradient of nearest neighbours sums what each place was copied to, in every picture', () => {
    const dy = tf.tensor4d([1, 2, 3, 4, 5, 6], [2, 1, 3, 1]);
    const resized = (size: [number, number], align: boolean) => (x: tf.Tensor) =>
      tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, align), dy));
    const gradient = (width: number, align: boolean) => [
      ...tf
        .grad(resized([1, 3], align))(tf.zeros([2, 1, width, 1]))
        .dataSync(),
    ];
    expect(gradient(1, true)).toEqual([6, 15]);
    expect(gradient(2, false)).toEqual([3, 3, 9, 6]);
  });
});
