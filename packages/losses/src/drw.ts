/**
 * Deferred re-weighting (Cao et al. 2019, algorithm 1): a loss without weights first, then the same one with class-balanced
 * weights (b = .9999, from epoch 160 of 200), when the learning rate has fallen. Reference: kaidic/LDAM-DRW, cifar_train.py.
 */
import { checkFunctions, checkIntegers, checkOptions } from '@longtail/core';
import { effectiveNumberWeights } from './effective-number.ts';
import type { Loss } from './loss.ts';

/**
 * @param counts n_c, shape [C]
 * @param make the loss for weights [C]; undefined: the one before
 * @param options.startEpoch the first epoch, from 0, that is re-weighted
 * @throws InputError when a count or beta is out of range, or the epoch is not an integer >= 0
 * @example
 * drw(counts, (weights) => ldam(counts, { weights })); // LDAM-DRW
 * drw(counts, (weights) => (weights ? balancedSoftmax(counts) : crossEntropy()), { startEpoch: 80 });
 */
export function drw(
  counts: ArrayLike<number>,
  make: (weights: Float32Array | undefined) => Loss,
  options: { beta?: number; startEpoch?: number } = {},
): Loss {
  const { beta = 0.9999, startEpoch = 160 } = checkOptions(options, { of: 'drw' });
  checkIntegers({ startEpoch }, { least: 0 });
  checkFunctions({ make });
  const [before, after] = [make(undefined), make(effectiveNumberWeights(counts, { beta }))];
  checkFunctions({ 'make(undefined)': before, 'make(weights)': after });
  return (logits, labels, given) => {
    const { epoch } = checkOptions(given, { of: 'a loss' });
    checkIntegers({ epoch }, { least: 0 });
    return (epoch < startEpoch ? before : after)(logits, labels, given);
  };
}
