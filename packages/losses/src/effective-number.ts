/**
 * Weights by the effective number of images, w_c ~ (1 - b) / (1 - b^n_c), scaled to the sum C (Cui et al. 2019, "Class-balanced
 * loss based on effective number of samples"). b = 0: all alike; b -> 1: 1 / n_c. Reference: richardaecn/class-balanced-loss and LDAM-DRW's cifar_train.py.
 */
import { asCounts, checkNumbers, checkOptions } from '@longtail/core';
import { scaledWeights } from './class-counts.ts';

/**
 * @param counts n_c, shape [C]
 * @param options.beta b, in [0, 1)
 * @returns weights, shape [C], sum C; 0 for a class without images
 * @throws InputError when a count or beta is out of range
 * @example
 * effectiveNumberWeights([100, 1], { beta: 0.99 }); // [0.031, 1.969]
 */
export function effectiveNumberWeights(
  counts: ArrayLike<number>,
  options: { beta?: number } = {},
): Float32Array {
  const { beta = 0.9999 } = checkOptions(options, { of: 'effectiveNumberWeights' });
  checkNumbers({ beta }, { least: 0, below: 1 });
  return scaledWeights(asCounts(counts), (n) => (1 - beta) / (1 - beta ** n));
}
