import '@tensorflow/tfjs';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { cosineFrom } from '../src/index.ts';
import { matrixOf } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

const drawn = (rows: number, a: number) => matrixOf(rows, 5, (k) => Math.sin(a * k + 1) * (1 + (k % 3)));

/** As the equation stands: rows and weights are divided by their norms, and then multiplied. */
function byTheEquation(features: tf.Tensor2D, weight: tf.Tensor2D, isUnit: boolean): tf.Tensor2D {
  const unit = (rows: tf.Tensor2D) =>
    tf.div(rows, tf.sqrt(tf.maximum(tf.sum(tf.mul(rows, rows), 1, true), 1e-12)));
  return tf.mul(tf.matMul(isUnit ? unit(features) : features, unit(weight), false, true), 3);
}

it.each(['unit', 'raw'] as const)(
  'has the scores and slopes of its equation, features %s, also at rows of zeros',
  (norm) => {
    tf.tidy(() => {
      const features = tf.concat([drawn(6, 1.7), tf.zeros<tf.Rank.R2>([1, 5])]);
      const weight = tf.concat([drawn(4, 2.3), tf.zeros<tf.Rank.R2>([1, 5])]);
      const head = cosineFrom(
        'cosine',
        { weight: tf.clone(weight) },
        { trainable: true, scale: 3, features: norm },
      );
      const factors = drawn(7, 0.9);
      const scored = (scores: tf.Tensor2D) => tf.sum(tf.mul(scores, factors)) as tf.Scalar;
      const [byFeatures, byWeight] = tf.grads((f, w) =>
        scored(byTheEquation(f as tf.Tensor2D, w as tf.Tensor2D, norm === 'unit')),
      )([features, weight]);
      const found = tf.variableGrads(() => scored(head.logits(features)), [head.weights.get('weight')!]);
      const slopes = tf.grad((f) => scored(head.logits(f as tf.Tensor2D)))(features);
      const near = { absolute: 1e-5 }; // float32: norms divide before the product there, after it here
      toBeCloseTo(
        head.logits(features).dataSync(),
        byTheEquation(features, weight, norm === 'unit').dataSync(),
        near,
      );
      toBeCloseTo(
        Object.values(found.grads)[0]!.dataSync().slice(0, 20),
        byWeight!.dataSync().slice(0, 20),
        near,
      );
      toBeCloseTo(slopes.dataSync().slice(0, 30), byFeatures!.dataSync().slice(0, 30), near);
      expect(
        [...slopes.dataSync(), ...Object.values(found.grads)[0]!.dataSync()].every(Number.isFinite),
      ).toBe(true);
      head.dispose();
    });
  },
);
