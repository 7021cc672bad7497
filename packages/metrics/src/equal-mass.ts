/** Calibration with bins of as many rows each (Nguyen & O'Connor, 2015; "adaptive" ECE): it needs the confidences of all rows. */
import { checkIntegers, checkOptions } from '@longtail/core';
import { checkConfidences } from './confidences.ts';
import { calibrationErrors, type ReliabilityBin, reliabilityBin } from './reliability.ts';

export interface EqualMassCalibration {
  readonly ece: number;
  readonly mce: number;
  /** From the least to the largest confidence of a bin's rows. */
  readonly bins: readonly ReliabilityBin[];
}

/**
 * @param confidences of the predicted classes, shape [N] (`summariseRows`)
 * @param correct whether the prediction is right, 0 or 1, shape [N]
 * @param options.bins default 15; the first N mod B have a row more, and there are never more bins than rows
 * @throws InputError naming the first row that does not fit
 * @example
 * equalMassCalibration([0.9, 0.6], [1, 0], { bins: 1 }); // ece .25
 */
export function equalMassCalibration(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  options: { bins?: number } = {},
): EqualMassCalibration {
  const { bins = 15 } = checkOptions(options, { of: 'equalMassCalibration' });
  checkIntegers({ bins });
  checkConfidences(confidences, correct, 'equalMassCalibration');
  const { length } = confidences;
  // Of equal confidences the wrong first, so that the order of the rows does not matter.
  const order = Uint32Array.from({ length }, (_, row) => row).sort(
    (a, b) => confidences[a]! - confidences[b]! || Number(correct[a]) - Number(correct[b]),
  );
  const number = Math.min(bins, length);
  let start = 0;
  const table = Array.from({ length: number }, (_, bin) => {
    const rows = order.subarray(start, start + Math.floor(length / number) + (bin < length % number ? 1 : 0));
    start += rows.length;
    const hits = rows.reduce((so, row) => so + Number(correct[row]), 0);
    const confidence = rows.reduce((so, row) => so + confidences[row]!, 0);
    const [from, to] = [confidences[rows[0]!]!, confidences[rows.at(-1)!]!];
    return reliabilityBin({ count: rows.length, hits, confidence }, { from, to });
  });
  return { ...calibrationErrors(table), bins: table };
}
