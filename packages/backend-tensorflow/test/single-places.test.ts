/** dF of 1x1 filters in steps, for few channels and many, beside a product of matrices, which is no convolution. */
import '@tensorflow/tfjs';
import { conv2dGeneral, normal } from '@longtail/kernels';
import { tensorflowFolders } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTensorflowBackend } from '../src/index.ts';

const folders = tensorflowFolders();
if (folders) registerTensorflowBackend(folders);
else console.log('no gradients of 1x1 filters by TensorFlow: it is not installed.');

type T4 = tf.Tensor4D;
type Convolve = (x: T4, filter: T4, strides: [number, number]) => tf.Tensor;
const MOST = 33;
const OUTPUTS = 16;
/** float32 keeps 2^-24 of a value; a sum is over up to 12544 places, and the largest is larger than most. */
const TOLERANCE = 1e-5;

function apart(x: T4, strides: [number, number], convolve: Convolve): number {
  const [count, height, width, channels] = x.shape;
  const places = [Math.ceil(height / strides[0]), Math.ceil(width / strides[1])];
  const dy = normal([count, ...places, OUTPUTS], { seed: 2 });
  const filter = tf.ones([1, 1, channels, OUTPUTS]);
  const dF = tf.grad((all) => convolve(x, all as T4, strides))(filter, dy);
  const met = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, ...strides, 1]);
  const [left, right] = [tf.reshape(met, [-1, channels]), tf.reshape(dy, [-1, OUTPUTS])];
  const wanted = tf.reshape(tf.matMul(left, right, true), filter.shape);
  return tf.div(tf.max(tf.abs(tf.sub(dF, wanted))), tf.max(tf.abs(wanted))).dataSync()[0]!;
}

describe.skipIf(!folders)('1x1 filters in steps', () => {
  beforeAll(() => tf.setBackend('tensorflow').then(() => undefined));

  const cases: [string, Convolve][] = [
    ['conv2dGeneral', (x, filter, strides) => conv2dGeneral(x, filter, { strides })],
    ['tf.conv2d, valid', (x, filter, strides) => tf.conv2d(x, filter, strides, 'valid')],
    ['tf.conv2d, same', (x, filter, strides) => tf.conv2d(x, filter, strides, 'same')],
  ];
  it.each(cases)('%s', (_, convolve) => {
    const before = tf.memory().numTensors;
    const all = normal([8, 56, 56, MOST], { seed: 1 });
    for (const strides of [
      [2, 2],
      [2, 1],
      [1, 3],
    ] as [number, number][])
      for (const channels of [1, 2, 3, 7, 8, 12, 15, 16, 17, MOST]) {
        const few = () => tf.slice(all, [0, 0, 0, 0], [-1, -1, -1, channels]) as T4;
        const far = tf.tidy(() => apart(few(), strides, convolve));
        expect(far, `${channels} channels, ${strides}`).toBeLessThan(TOLERANCE);
      }
    all.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
