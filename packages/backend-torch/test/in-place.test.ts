/** What lets others (MPI) change a tensor where it lies. */

import { torchLibrary } from '@longtail/test-support/native';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTorchBackend, type TorchBackend } from '../src/index.ts';

const library = torchLibrary();

describe.skipIf(!library)('values in place', () => {
  beforeAll(async () => {
    registerTorchBackend({ library: library! });
    await tf.setBackend('torch');
  });
  const placeOf = (x: tf.Tensor) => (tf.backend() as TorchBackend).inPlace(x) as Float32Array;

  it('what is written there is the tensor', () => {
    const x = tf.tensor2d([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    placeOf(x).set([5], 3);
    expect([...tf.add(x, 1).dataSync()]).toEqual([2, 3, 4, 6]);
  });

  it('row by row, and of no other tensor', () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const turned = tf.transpose(x); // a view of the same memory
    const place = placeOf(turned);
    expect([...place]).toEqual([1, 4, 2, 5, 3, 6]);
    place.fill(0);
    expect([...x.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...turned.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('of a filter that a convolution has put into its own order, which it finds again', () => {
    const filter = tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 4, 8], 0, 1, 'float32', 1));
    const images = tf.randomNormal<tf.Rank.R4>([2, 6, 6, 4], 0, 1, 'float32', 2);
    const before = tf.conv2d(images, filter as tf.Tensor4D, 1, 'same').dataSync();
    const values = filter.dataSync().slice();
    const place = placeOf(filter);
    expect(place).toEqual(values);
    for (let i = 0; i < place.length; i++) place[i]! *= 2;
    const after = tf.conv2d(images, filter as tf.Tensor4D, 1, 'same').dataSync();
    for (const [i, value] of after.entries()) expect(value).toBeCloseTo(2 * before[i]!, 4);
  });

  it('of what is to be computed, of none at all, of integers and truths', () => {
    const sum = tf.add(tf.scalar(1), tf.scalar(2));
    expect([...placeOf(sum)]).toEqual([3]);
    expect(placeOf(tf.zeros([0, 3])).length).toBe(0);
    expect(placeOf(tf.tensor1d([1, -2], 'int32'))).toEqual(Int32Array.of(1, -2));
    expect(placeOf(tf.tensor1d([true, false], 'bool'))).toEqual(Uint8Array.of(1, 0));
  });
});
