/**
 * LoMa, the logit magnitude of Label Over-Smooth (Sun et al., ICLR 2025): for each class the mean of its logit over its own
 * rows minus that over the rows of all other classes. Where it is nearly the same for all classes the classifier is balanced.
 */
import { checkOptions, InputError } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { addExact, exactAt, exactSums } from './exact-sums.ts';
import { mean } from './mean.ts';
import { asRows, checkPlaces } from './scores.ts';

export interface LogitMagnitude {
  /** LoMa_c, shape [C]; null for a class without rows, or with all of them. */
  readonly perClass: readonly (number | null)[];
  readonly mean: number | null;
  /** Standard deviation over the classes: 0 is balanced. */
  readonly spread: number | null;
}

/** rows: [C]; own and all: the class's logit over its own and over all rows, [C] as exact sums. */
export type LogitSums = Sums<'rows' | 'own' | 'all'>;

/**
 * @throws InputError of `add` for a logit that is NaN or infinite, naming its row, and wrong labels
 * @example
 * measure([{ scores: [4, 0, 1, 2], labels: [0, 1] }], logitMagnitudeOver({ numClasses: 2 })).perClass; // [3, 2]
 */
export function logitMagnitudeOver(options: { numClasses: number }): Accumulator<LogitSums, LogitMagnitude> {
  const { numClasses } = checkOptions(options, { of: 'logitMagnitudeOver' });
  checkPlaces({ numClasses });
  return {
    empty: () => ({
      rows: new Float64Array(numClasses),
      own: exactSums(numClasses),
      all: exactSums(numClasses),
    }),
    add(sums, chunk) {
      const { scores, labels } = asRows(chunk, { numClasses });
      checkFinite(scores, { numClasses });
      labels.forEach((label, row) => {
        const start = row * numClasses;
        sums.rows[label]! += 1;
        addExact(sums.own, label, scores[start + label]!);
        for (let c = 0; c < numClasses; c++) addExact(sums.all, c, scores[start + c]!);
      });
    },
    result(sums) {
      const total = sums.rows.reduce((so, n) => so + n, 0);
      const perClass = Array.from(sums.rows, (n, c) => {
        const [own, all] = [exactAt(sums.own, c), exactAt(sums.all, c)];
        return n > 0 && n < total ? own / n - (all - own) / (total - n) : null;
      });
      const middle = mean(perClass);
      const squares = mean(perClass.map((loma) => (loma === null ? null : (loma - middle!) ** 2)));
      return { perClass, mean: middle, spread: squares === null ? null : Math.sqrt(squares) };
    },
  };
}

function checkFinite(scores: ArrayLike<number>, { numClasses }: { numClasses: number }): void {
  for (let i = 0; i < scores.length; i++)
    if (!Number.isFinite(scores[i])) {
      const row = Math.floor(i / numClasses);
      throw new InputError(
        `logits must be finite, but row ${row} has ${scores[i]} for class ${i % numClasses}.`,
        { row },
      );
    }
}
