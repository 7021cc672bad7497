/**
 * Class-balanced loss (Cui et al. 2019, section 4): weights (1 - b) / (1 - b^n_c) of sum C on softmax cross-entropy, on C
 * sigmoids, or on the focal loss of C sigmoids. Reference: richardaecn/class-balanced-loss, sums over classes by N; softmax
 * by the weights' sum, as LDAM-DRW's cifar_train.py has it.
 */
import { checkNumbers, checkOneOf, checkOptions } from '@longtail/core';
import { effectiveNumberWeights } from './effective-number.ts';
import { focal } from './focal.ts';
import type { Loss } from './loss.ts';
import { weightedCrossEntropy } from './weighted-cross-entropy.ts';

export interface ClassBalancedOptions {
  /** b, in [0, 1). */
  readonly beta?: number;
  readonly form?: 'softmax' | 'sigmoid' | 'focal';
  /** Of the focal form. */
  readonly gamma?: number;
}

/**
 * @param counts n_c, shape [C]; a class without images weighs nothing
 * @returns the loss; the softmax form takes soft targets
 * @throws InputError when a count, beta or gamma is out of range
 * @example
 * classBalanced(counts, { beta: 0.9999, form: 'focal', gamma: 0.5 });
 */
export function classBalanced(counts: ArrayLike<number>, options: ClassBalancedOptions = {}): Loss {
  const { beta = 0.9999, form = 'softmax', gamma = 0.5 } = checkOptions(options, { of: 'classBalanced' });
  checkOneOf({ form }, ['softmax', 'sigmoid', 'focal']);
  checkNumbers({ gamma }, { least: 0 });
  const weights = effectiveNumberWeights(counts, { beta });
  if (form === 'softmax') return weightedCrossEntropy(weights);
  return focal({ gamma: form === 'focal' ? gamma : 0, weights, form: 'sigmoid' });
}
