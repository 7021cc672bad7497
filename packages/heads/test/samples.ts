/** Features for tests: a published CIFAR-10-LT network's, and numbers that golden scripts make again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy, sharedOrSkip } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import type { TestContext } from 'vitest';
import type { Head } from '../src/index.ts';

/** What a script in golden/ wrote. */
export const golden = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `golden/${name}.json`), 'utf8'));

export interface RealFeatures {
  readonly features: tf.Tensor2D;
  readonly labels: number[];
  readonly test: tf.Tensor2D;
  readonly testLabels: number[];
}

/** Every so many rows of them; skips the test where they are not at hand. */
export function realFeatures(
  context: TestContext,
  { every = 1, everyTest = 1 }: { every?: number; everyTest?: number } = {},
): RealFeatures {
  const root = sharedOrSkip(context, 'data/features');
  const npy = (name: string) => readNpy(join(root, `cifar10_${name}.npy`));
  const matrix = (name: string, step: number) =>
    tf.tidy(() => {
      const { data, shape } = npy(name);
      const whole = tf.tensor2d(Float32Array.from(data), shape as [number, number]);
      return tf.stridedSlice(whole, [0, 0], whole.shape, [step, 1]) as tf.Tensor2D;
    });
  const labels = (name: string, step: number) =>
    Array.from(npy(name).data, Number).filter((_, i) => i % step === 0);
  return {
    features: matrix('lt100_train_features', every),
    labels: labels('lt100_train_labels', every),
    test: matrix('test_features', everyTest),
    testLabels: labels('test_labels', everyTest),
  };
}

/** The class that a head gives each row. */
export const predicted = (head: Head, rows: tf.Tensor2D): number[] =>
  tf.tidy(() => Array.from(tf.argMax(head.logits(rows), 1).dataSync()));

export const rightOnes = (found: readonly number[], wanted: readonly number[]): number =>
  found.filter((c, i) => c === wanted[i]).length;

/** Every ninth weight of a head's rows. */
export const everyNinth = ({ weights, numClasses, featureDim }: Head): tf.TypedArray =>
  tf.tidy(() => tf.stridedSlice(weights.get('weight')!, [0, 0], [numClasses, featureDim], [1, 9]).dataSync());

/** A matrix by the formula of its value k, row by row. */
export const matrixOf = (rows: number, columns: number, value: (k: number) => number): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, k) => value(k)),
    [rows, columns],
  );

/** So many labels of each class, one class after the other. */
export const runs = (...counts: number[]): number[] => counts.flatMap((n, c) => new Array<number>(n).fill(c));
