/**
 * Class-wise ECE: the calibration of every class's probability, not only of the predicted one's (Kull et al., 2019; static
 * calibration error of Nixon et al., 2019): 1 / C sum_c sum_b n_bc / N |share of class c in the bin - mean p_c in it|.
 */
import { checkOptions } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { addExact, exactAt, exactSums } from './exact-sums.ts';
import { checkGroups, groupMeans, type NamedGroups } from './group-means.ts';
import type { Groups } from './groups.ts';
import { mean } from './mean.ts';
import { binOf } from './reliability.ts';
import { asProbableRows, checkKind, checkPlaces, type ScoreKind } from './scores.ts';
import { probableRow } from './softmax.ts';

export interface ClassCalibration {
  /** The mean over all classes; null of no row. */
  readonly mean: number | null;
  /** Shape [C]. */
  readonly perClass: readonly (number | null)[];
  readonly groups: Readonly<Record<string, number | null>>;
}

/** By class and bin of its probability: rows and positives [C, B], probability [C, B] as exact sums. */
export type ClassCalibrationSums = Sums<'rows' | 'positives' | 'probability'>;

/**
 * @param options as of {@link calibrationOver}
 * @throws InputError as {@link calibrationOver}
 * @example
 * measure([{ scores: [0.8, 0.2], labels: [1] }], classCalibrationOver({ numClasses: 2, from: 'probabilities' })); // mean .8, perClass [.8, .8]
 */
export function classCalibrationOver(options: {
  numClasses: number;
  from?: ScoreKind;
  bins?: number;
  groups?: Groups | NamedGroups;
}): Accumulator<ClassCalibrationSums, ClassCalibration> {
  const {
    numClasses,
    from = 'logits',
    bins = 15,
    groups = {},
  } = checkOptions(options, { of: 'classCalibrationOver' });
  checkKind(from);
  checkPlaces({ numClasses, bins });
  checkGroups(groups as NamedGroups, { numClasses });
  const places = numClasses * bins;
  return {
    empty: () => ({
      rows: new Float64Array(places),
      positives: new Float64Array(places),
      probability: exactSums(places),
    }),
    add(sums, chunk) {
      const { scores, labels } = asProbableRows(chunk, { numClasses, from });
      const into = new Float64Array(numClasses);
      labels.forEach((label, row) => {
        probableRow(scores, { start: row * numClasses, from, into });
        for (let c = 0; c < numClasses; c++) {
          const at = c * bins + binOf(into[c]!, bins);
          sums.rows[at]! += 1;
          addExact(sums.probability, at, into[c]!);
          if (c === label) sums.positives[at]! += 1;
        }
      });
    },
    result(sums) {
      const perClass = Array.from({ length: numClasses }, (_, c) => errorOf(sums, { c, bins }));
      return { mean: mean(perClass), perClass, groups: groupMeans(perClass, groups as NamedGroups) };
    },
  };
}

function errorOf(sums: ClassCalibrationSums, { c, bins }: { c: number; bins: number }): number | null {
  let [rows, gaps] = [0, 0];
  for (let at = c * bins; at < (c + 1) * bins; at++) {
    rows += sums.rows[at]!;
    gaps += Math.abs(sums.positives[at]! - exactAt(sums.probability, at));
  }
  return rows === 0 ? null : gaps / rows;
}
