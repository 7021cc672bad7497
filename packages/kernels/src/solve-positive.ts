/**
 * X of (A + r I) X = B, for a symmetric A that is positive definite with r: by Cholesky's factors, A + r I = L L^T, then
 * L Y = B and L^T X = Y. In float64, where the backend has it: of a covariance the smallest values count most.
 */
import { checkNumbers, checkOptions, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkTensors } from './check-tensors.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SolvePositiveInputs {
  /** Symmetric, shape [D, D]; what lies above its diagonal is not read. */
  readonly a: tf.Tensor2D;
  /** Shape [D, K]. */
  readonly b: tf.Tensor2D;
}

export interface SolvePositiveAttributes {
  readonly ridge: number;
}

/** Below it A's own rounding to float32 decides. */
const LEAST_PIVOT = 2 ** -23;

/** Writes L into the lower triangle. @returns the smallest L_ii^2 / A_ii, 0 or NaN where A is not positive definite */
function factorise(a: Float64Array, size: number): number {
  let least = 1;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const [row, other] = [i * size, j * size];
      let rest = a[row + j]!;
      const whole = rest;
      for (let k = 0; k < j; k++) rest -= a[row + k]! * a[other + k]!;
      if (i > j) a[row + j] = rest / a[other + j]!;
      else if (rest > 0) {
        least = Math.min(least, rest / whole);
        a[row + i] = Math.sqrt(rest);
      } else return 0;
    }
  return least;
}

/** Solves for one column in place; both passes read L row by row. */
function substitute(factor: Float64Array, x: Float64Array): void {
  const size = x.length;
  for (let i = 0; i < size; i++) {
    let rest = x[i]!;
    for (let k = 0; k < i; k++) rest -= factor[i * size + k]! * x[k]!;
    x[i] = rest / factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = x[i]! / factor[i * size + i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k]! -= factor[i * size + k]! * value;
  }
}

/** X [D, K] and the smallest pivot, a scalar; where that is not above 0, X means nothing. In plain JavaScript. */
export const SolvePositive: KernelDefinition<SolvePositiveInputs, SolvePositiveAttributes> = {
  name: 'SolvePositive',
  define: ({ a, b }, { ridge }) => {
    const [size, columns] = b.shape;
    const factor = Float64Array.from(a.dataSync());
    for (let i = 0; i < size; i++) factor[i * size + i]! += ridge;
    const pivot = factorise(factor, size);
    const solved = Float64Array.from(tf.transpose(b).dataSync());
    for (let k = 0; k < columns; k++) substitute(factor, solved.subarray(k * size, (k + 1) * size));
    return [tf.transpose(tf.tensor2d(new Float32Array(solved), [columns, size])), tf.scalar(pivot)];
  },
};

/**
 * Without a gradient.
 *
 * @param a symmetric, shape [D, D]; what lies above its diagonal is not read
 * @param b shape [D, K]
 * @param options.ridge r, added to the diagonal; default: 0
 * @returns X, shape [D, K]
 * @throws InputError when the shapes do not fit, or A + r I is not positive definite within the rounding of float32
 * @example
 * const weight = solvePositive(covariance, tf.transpose(means), { ridge: 0.1 });
 */
export function solvePositive(a: tf.Tensor2D, b: tf.Tensor2D, options: { ridge?: number } = {}): tf.Tensor2D {
  const { ridge = 0 } = checkOptions(options, { of: 'solvePositive' });
  checkTensors({ a, b }, { rank: 2, dtype: 'float32' });
  checkNumbers({ ridge }, { least: 0 });
  const [size] = b.shape;
  if (!tf.util.arraysEqual(a.shape, [size, size]) || b.size === 0)
    throw new InputError(
      `solvePositive needs a square matrix [D, D] and right sides [D, K], but got [${a.shape}] and [${b.shape}].`,
    );
  const [x, pivot] = runKernel<[tf.Tensor2D, tf.Scalar], SolvePositiveInputs, SolvePositiveAttributes>(
    SolvePositive,
    { a, b },
    { ridge },
  );
  const [least] = pivot.dataSync();
  pivot.dispose();
  if (least! > LEAST_PIVOT) return x;
  x.dispose();
  throw new InputError(
    `solvePositive needs a positive definite matrix, but that of [${a.shape}] is none within the rounding of float32 (its smallest pivot is ${least} of the diagonal); add a larger ridge, or of a covariance more shrinkage.`,
    { pivot: least, ridge },
  );
}
