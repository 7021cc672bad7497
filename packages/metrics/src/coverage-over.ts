/**
 * Coverage over chunks, of sets by thresholds: a class is in the set of a row where its score is at least its threshold.
 * One threshold on probabilities is the standard score; thresholds t pi_c, so that p_c >= t pi_c, are PAS; a threshold a class
 * is class-wise.
 */
import { checkLists, checkNumbers, checkOptions, InputError, shown } from '@longtail/core';
import type { Accumulator } from './accumulator.ts';
import {
  addSet,
  type Coverage,
  type CoverageSums,
  checkTarget,
  coverageOf,
  emptyCoverage,
} from './coverage.ts';
import { asRows, checkPlaces } from './scores.ts';

function thresholdsOf(thresholds: number | ArrayLike<number>, numClasses: number): Float64Array {
  if (typeof thresholds === 'number') {
    checkNumbers({ thresholds });
    return new Float64Array(numClasses).fill(thresholds);
  }
  checkLists({ thresholds });
  if (thresholds.length !== numClasses)
    throw new InputError(
      `thresholds must be one, or one for each of ${numClasses} classes, but there are ${thresholds.length}.`,
    );
  return Float64Array.from({ length: numClasses }, (_, c) => {
    if (typeof thresholds[c] !== 'number' || Number.isNaN(thresholds[c]))
      throw new InputError(`thresholds must be numbers, but that of class ${c} is ${shown(thresholds[c])}.`);
    return thresholds[c]!;
  });
}

/**
 * @param options.thresholds one for all classes, or one a class; a class at its threshold is in the set
 * @param options.target the coverage that was aimed at, 1 - alpha; default .9
 * @param options.low default half of the target (the paper's code: .5)
 * @throws InputError for wrong thresholds; of `add` for a NaN, naming its row, and wrong labels; of `result` without a row
 * @example
 * measure([{ scores: [0.7, 0.3], labels: [0] }], coverageOver({ numClasses: 2, thresholds: 0.5 })); // marginal 1, meanSize 1, ...
 */
export function coverageOver(options: {
  numClasses: number;
  thresholds: number | ArrayLike<number>;
  target?: number;
  low?: number;
}): Accumulator<CoverageSums, Coverage> {
  const {
    numClasses,
    thresholds,
    target = 0.9,
    low = target / 2,
  } = checkOptions(options, { of: 'coverageOver' });
  checkPlaces({ numClasses });
  checkTarget({ target, low });
  const least = thresholdsOf(thresholds, numClasses);
  return {
    empty: () => emptyCoverage(numClasses),
    add(sums, chunk) {
      const { scores, labels } = asRows(chunk, { numClasses });
      labels.forEach((label, row) => {
        const start = row * numClasses;
        let size = 0;
        for (let c = 0; c < numClasses; c++) if (scores[start + c]! >= least[c]!) size += 1;
        const isCovered = scores[start + label]! >= least[label]!;
        addSet(sums, { label, isCovered, size });
      });
    },
    result: (sums) => coverageOf(sums, { target, low }),
  };
}
