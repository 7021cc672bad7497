/**
 * Class-balanced loss (Cui et al. 2019, section 4): weights (1 - b) / (1 - b^n_c) of sum C on softmax cross-entropy, on C
 * sigmoids, or on the focal loss of C sigmoids. Reference: richardaecn/class-balanced-loss, cifar_main.py, sums divided by N.
 * LDAM-DRW's cifar_train.py divides that of softmax by the weights' sum, which a batch of rare classes does not raise.
 */
import { checkNumbers, checkOneOf, checkOptions } from '@longtail/core';
import { checkedLoss } from './checked-loss.ts';
import { effectiveNumberWeights } from './effective-number.ts';
import { focal } from './focal.ts';
import type { Loss } from './loss.ts';
import { type Divisor, meanCrossEntropy } from './mean-cross-entropy.ts';

export interface ClassBalancedOptions {
  /** b, in [0, 1). */
  readonly beta?: number;
  readonly form?: 'softmax' | 'sigmoid' | 'focal';
  /** Of the focal form. */
  readonly gamma?: number;
  /** Of the softmax form: 'weights', their sum, as LDAM-DRW (default), or 'count', N, as Cui et al. The others divide by N. */
  readonly divisor?: Divisor;
}

/**
 * @param counts n_c, shape [C]; a class without images weighs nothing
 * @returns the loss; the softmax form takes soft targets
 * @throws InputError when a count, beta or gamma is out of range
 * @example
 * classBalanced(counts, { beta: 0.9999, form: 'focal', gamma: 0.5 });
 * classBalanced(counts, { divisor: 'count' }); // softmax as in the paper's code
 */
export function classBalanced(counts: ArrayLike<number>, options: ClassBalancedOptions = {}): Loss {
  const {
    beta = 0.9999,
    form = 'softmax',
    gamma = 0.5,
    divisor = 'weights',
  } = checkOptions(options, { of: 'classBalanced' });
  checkOneOf({ form }, ['softmax', 'sigmoid', 'focal']);
  checkOneOf({ divisor }, ['weights', 'count']);
  checkNumbers({ gamma }, { least: 0 });
  const weights = effectiveNumberWeights(counts, { beta });
  if (form === 'softmax')
    return checkedLoss({ numClasses: weights.length }, (logits, labels) =>
      meanCrossEntropy(logits, labels, weights, { divisor }),
    );
  return focal({ gamma: form === 'focal' ? gamma : 0, weights, form: 'sigmoid' });
}
