/** The conformance suite of losses: run it on one of your own, with vitest. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Loss } from './loss.ts';

const LOGITS = [
  [0.3, -1.2, 2.1, 0.4],
  [-0.7, 0.9, 0.1, 1.6],
  [1.1, 1.0, -0.2, -2.3],
];
const LABELS = Int32Array.of(2, 0, 1);

/**
 * @param make the loss for class counts [C]; C is 4
 * @example
 * describeLoss('cross-entropy', () => crossEntropy());
 */
export function describeLoss(name: string, make: (counts: Int32Array) => Loss): void {
  describe(`loss ${name}`, () => {
    const loss = make(Int32Array.of(100, 30, 10, 3));
    const at = (rows: number[][]) =>
      tf.tidy(() => loss(tf.tensor2d(rows), tf.tensor1d(LABELS, 'int32'), { epoch: 0 }).dataSync()[0]!);

    it('is a finite scalar and leaves no tensor behind', () => {
      const before = tf.memory().numTensors;
      expect(Number.isFinite(at(LOGITS))).toBe(true);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('has the gradient that finite differences give', () => {
      const gradient = tf.tidy(() => {
        const labels = tf.tensor1d(LABELS, 'int32');
        return tf
          .grad((z) => loss(z as tf.Tensor2D, labels, { epoch: 0 }))(tf.tensor2d(LOGITS))
          .dataSync();
      });
      const h = 1e-2;
      LOGITS.flat().forEach((_, i) => {
        const moved = (by: number) =>
          LOGITS.map((row, r) => row.map((z, c) => (r * 4 + c === i ? z + by : z)));
        // Central differences of a float32 loss: an error of h^2, and of its rounding / h.
        expect(Math.abs((at(moved(h)) - at(moved(-h))) / (2 * h) - gradient[i]!)).toBeLessThan(1e-3);
      });
    });

    it('is finite, with a finite gradient, for logits of +-1e4', () => {
      const large = LOGITS.map((row) => row.map((z) => Math.sign(z) * 1e4));
      expect(Number.isFinite(at(large))).toBe(true);
    });
  });
}
