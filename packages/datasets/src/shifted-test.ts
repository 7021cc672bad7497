/**
 * Test sets whose classes are not equally frequent (Hong et al. 2021, "Disentangling Label Distribution", LADE, sec.
 * 5.1): an exponential long tail of the test, along the training's order of classes (forward) or against it (backward),
 * with imbalance factors 2 to 50.
 */
import { checkLists, checkOneOf, checkOptions, classCounts, InputError } from '@longtail/core';
import { expectIntegers } from './arguments.ts';
import { longTail } from './long-tail.ts';
import { seededSubset } from './subset.ts';

/** LADE's, from the training's own shift over the uniform test to its opposite. */
export const SHIFTS: readonly { direction: 'forward' | 'backward'; imbalanceFactor: number }[] = [
  ...[50, 25, 10, 5, 2].map((imbalanceFactor) => ({ direction: 'forward' as const, imbalanceFactor })),
  ...[2, 5, 10, 25, 50].map((imbalanceFactor) => ({ direction: 'backward' as const, imbalanceFactor })),
];

/**
 * n_c of a shifted test. LADE's code takes the classes by number, which in CIFAR-LT are in the order of their counts; here
 * they are ranked by training count (equal ones by number), so other sets shift the same way.
 *
 * @param trainCounts shape [C]
 * @param options.largest pictures of the most frequent class: what each class of the balanced test has
 * @throws InputError for numbers out of range
 */
export function shiftedCounts(
  trainCounts: ArrayLike<number>,
  options: { largest: number; imbalanceFactor: number; direction: 'forward' | 'backward' },
): Int32Array {
  const { largest, imbalanceFactor, direction } = checkOptions(options, { of: 'shiftedCounts' });
  checkOneOf({ direction }, ['forward', 'backward']);
  expectIntegers('trainCounts', trainCounts, { most: 2 ** 31 - 1 });
  const order = Array.from(trainCounts, (_, c) => c).sort(
    (a, b) => trainCounts[b]! - trainCounts[a]! || a - b,
  );
  const reversed = direction === 'backward';
  const byRank = longTail({ numClasses: order.length, largest, imbalanceFactor, reversed });
  const counts = new Int32Array(order.length);
  for (const [rank, c] of order.entries()) counts[c] = byRank[rank]!;
  return counts;
}

/**
 * The pictures of a balanced test that a shifted one keeps.
 *
 * @param testLabels of the whole test, equally many of each class, shape [N]
 * @returns positions in the test, class by class
 * @throws InputError when the test is not balanced, or numbers are out of range
 * @example
 * const test50 = subsetOf(test, shiftedTest(test.labels, counts, { direction: 'backward', imbalanceFactor: 50 }));
 */
export function shiftedTest(
  testLabels: ArrayLike<number>,
  trainCounts: ArrayLike<number>,
  options: { direction: 'forward' | 'backward'; imbalanceFactor: number; seed?: number },
): Int32Array {
  checkLists({ testLabels });
  checkLists({ trainCounts });
  const { direction, imbalanceFactor, seed = 0 } = checkOptions(options, { of: 'shiftedTest' });
  const available = classCounts(testLabels, { numClasses: trainCounts.length });
  const largest = available[0]!;
  const other = available.findIndex((count) => count !== largest);
  if (other >= 0)
    throw new InputError(
      `a balanced test is shifted, but class 0 has ${largest} pictures and class ${other} ${available[other]}.`,
    );
  const counts = shiftedCounts(trainCounts, { largest, imbalanceFactor, direction });
  return seededSubset(testLabels, counts, { seed });
}
