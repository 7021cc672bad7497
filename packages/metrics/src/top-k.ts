/**
 * Top-k accuracy. The rank of a row is the number of classes that come before the true one: those of a larger score, and
 * of equal scores those of a lower number, so that top-1 is the accuracy of argmax. (scikit-learn lets the higher number first.)
 */
import { checkIntegers, checkLists, checkOptions, InputError } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { mean } from './mean.ts';
import { asRows, checkPlaces, type Rows } from './scores.ts';

export interface TopK {
  readonly k: number;
  /** The share of rows whose true class is among the k first. */
  readonly all: number;
  readonly meanOfClasses: number;
  /** Shape [C]; null for a class without rows. */
  readonly perClass: readonly (number | null)[];
}

/** support: [C]; hits: [k's, C]. */
export type TopKSums = Sums<'support' | 'hits'>;

/** How many classes come before the true one in each row, shape [n]. */
function ranksOf({ scores, labels, predictions }: Rows, { numClasses }: { numClasses: number }): Int32Array {
  return labels.map((label, row) => {
    if (label === predictions[row]) return 0;
    const start = row * numClasses;
    const own = scores[start + label]!;
    let before = 0;
    for (let i = start; i < start + label; i++) if (scores[i]! >= own) before += 1;
    for (let i = start + label + 1; i < start + numClasses; i++) if (scores[i]! > own) before += 1;
    return before;
  });
}

/**
 * @param options.k each from 1 to C; default 1 and 5, or as many as there are classes
 * @returns of {@link measure}, one a k
 * @throws InputError for another k; of `add` for a NaN, naming its row, and wrong labels
 * @example
 * measure([{ scores: [3, 2, 1], labels: [1] }], topKOver({ numClasses: 3, k: [1, 2] })); // all: 0 and 1
 */
export function topKOver(options: {
  numClasses: number;
  k?: readonly number[];
}): Accumulator<TopKSums, TopK[]> {
  const { numClasses, k } = checkOptions(options, { of: 'topKOver' });
  checkPlaces({ numClasses });
  const ks = k ?? [...new Set([1, Math.min(5, numClasses)])];
  checkLists({ k: ks });
  if (ks.length === 0) throw new InputError('k must hold at least one number, but the list is empty.');
  const numbers = Array.from(ks);
  for (const one of numbers) checkIntegers({ 'each k': one }, { most: numClasses });
  return {
    empty: () => ({ support: new Float64Array(numClasses), hits: new Float64Array(ks.length * numClasses) }),
    add({ support, hits }, chunk) {
      const rows = asRows(chunk, { numClasses });
      ranksOf(rows, { numClasses }).forEach((rank, row) => {
        const label = rows.labels[row]!;
        support[label]! += 1;
        for (let j = 0; j < numbers.length; j++) if (rank < numbers[j]!) hits[j * numClasses + label]! += 1;
      });
    },
    result: ({ support, hits }) =>
      numbers.map((one, j) =>
        topKOf(one, { support, hits: hits.subarray(j * numClasses, (j + 1) * numClasses) }),
      ),
  };
}

function topKOf(k: number, { support, hits }: TopKSums): TopK {
  const perClass = Array.from(hits, (hit, c) => (support[c]! > 0 ? hit / support[c]! : null));
  const rows = support.reduce((so, n) => so + n, 0);
  if (rows === 0) throw new InputError('topKOver needs at least one row, but got none.');
  return { k, all: hits.reduce((so, n) => so + n, 0) / rows, meanOfClasses: mean(perClass)!, perClass };
}
