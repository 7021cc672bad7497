/** The part of the kernels' conformance suite that is linear algebra: norms, systems, eigenvalues. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { globalNorm } from './global-norm.ts';
import type { ExpectSame } from './same-as-cpu.ts';
import { solvePositive } from './solve-positive.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export function testLinearAlgebra(expectSame: ExpectSame): void {
  it('globalNorm, of values in any order', async () => {
    const run = (a: tf.Tensor, b: tf.Tensor) => [
      globalNorm([a, tf.transpose(b), tf.mean(a)]),
      globalNorm([b]),
    ];
    await expectSame(run as never, [{ shape: [3, 4] }, { shape: [2, 3, 5] }], { gradient: false });
  });

  it('solvePositive, also of a matrix that is none', async () => {
    const run = (rows: tf.Tensor2D, b: tf.Tensor2D) =>
      solvePositive(tf.matMul(rows, rows, true), b, { ridge: 0.25 });
    // a product in another order is off by 1e-7, which the condition of the matrix, some 300, multiplies
    const close = { gradient: false, relative: 1e-4 };
    await expectSame(run as never, [{ shape: [9, 40] }, { shape: [40, 3] }], close);
    const refused = (rows: tf.Tensor2D) => {
      expect(() => solvePositive(tf.matMul(rows, rows, true), rows as never)).toThrow('positive definite');
      return tf.zeros([1]);
    };
    await expectSame(refused as never, [{ shape: [1, 1], range: [0, 0] }], { gradient: false });
    await expectSame(
      (() => {
        const indefinite = tf.tensor2d([[1, 2], [2, 1]]); // biome-ignore format: two rows
        expect(() => solvePositive(indefinite, indefinite)).toThrow('positive definite');
        return tf.zeros([1]);
      }) as never,
      [],
      { gradient: false },
    );
  });

  it('symmetricEigen', async () => {
    const run = (rows: tf.Tensor2D) => Object.values(symmetricEigen(tf.matMul(rows, rows, true)));
    await expectSame(run as never, [{ shape: [60, 12] }], { gradient: false });
  });
}
