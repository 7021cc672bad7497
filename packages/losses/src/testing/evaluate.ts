/** A loss on plain data: what the checks of the conformance suite are made of. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Labels, Loss, LossOptions } from '../loss.ts';

export const COUNTS: Int32Array = Int32Array.of(100, 30, 10, 3);
export const LOGITS: number[][] = [
  [0.3, -1.2, 2.1, 0.4],
  [-0.7, 0.9, 0.1, 1.6],
  [1.1, 1.0, -0.2, -2.3],
];
/** So near to 0 that a softmax sees every class, even where the loss multiplies cosines by 30. */
export const SMALL: number[][] = LOGITS.map((row) => row.map((z) => 0.05 * z));
export const LABELS: number[] = [2, 0, 1];
const FEATURES = [
  [1, 0, 2],
  [0.5, 0.1, 0],
  [3, 1, 1],
];
/** Before and after any epoch at which a loss changes. */
export const EPOCHS: readonly number[] = [0, 100_000];

export interface Found {
  readonly value: number;
  /** Shape [N, C], row by row. */
  readonly gradient: Float32Array;
}

function targetsOf(labels: number[], { numClasses, soft }: { numClasses: number; soft: boolean }): Labels {
  if (!soft) return tf.tensor1d(labels, 'int32');
  const onehot = labels.flatMap((label) =>
    Array.from({ length: numClasses }, (_, c) => (c === label ? 1 : 0)),
  );
  return tf.tensor2d(onehot, [labels.length, numClasses]);
}

/** Value and gradient on plain data; soft: the labels as one-hot targets. */
export function evaluate(
  loss: Loss,
  rows: number[][],
  labels: number[],
  {
    epoch = 0,
    step = 7,
    soft = false,
    features = FEATURES,
  }: { epoch?: number; step?: number; soft?: boolean; features?: number[][] } = {},
): Found {
  return tf.tidy(() => {
    const given = targetsOf(labels, { numClasses: rows[0]!.length, soft });
    const options: LossOptions = { epoch, step, features: tf.tensor2d(features) };
    // tfjs wants a loss of the logits; one that is none of them has the gradient 0.
    const run = (z: tf.Tensor) => {
      const value = loss(z as tf.Tensor2D, given, options);
      expect(value.shape, 'a loss is a scalar').toEqual([]);
      return tf.add(value, tf.mul(tf.sum(z), 0)) as tf.Scalar;
    };
    const { value, grad } = tf.valueAndGrad(run)(tf.tensor2d(rows));
    return { value: value.dataSync()[0]!, gradient: grad.dataSync() } as never;
  });
}

export function expectFinite({ value, gradient }: Found): void {
  expect([value, ...gradient].filter((x) => !Number.isFinite(x))).toEqual([]);
}
