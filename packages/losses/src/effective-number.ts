/**
 * Weights by the effective number of images, w_c ~ (1 - b) / (1 - b^n_c), scaled to the sum C (Cui et al. 2019, "Class-balanced
 * loss based on effective number of samples"). b = 0: all alike; b -> 1: 1 / n_c. Reference: richardaecn/class-balanced-loss and LDAM-DRW's cifar_train.py.
 */
import { InputError } from '@longtail/core';
import { checkedCounts, scaledWeights } from './class-counts.ts';

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
  { beta = 0.9999 }: { beta?: number } = {},
): Float32Array {
  if (!(beta >= 0 && beta < 1))
    throw new InputError(`beta must be in [0, 1), but it is ${beta}; the paper takes 0.9 to 0.9999.`);
  return scaledWeights(checkedCounts(counts), (n) => (1 - beta) / (1 - beta ** n));
}
