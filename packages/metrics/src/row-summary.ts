/**
 * What remains of a row of scores: 40 bytes, whatever the number of classes. Enough for calibration, slices and what needs
 * single rows (equal-mass bins, paired tests); the columns of chunks put together are those of the whole.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import { asProbableRows, checkKind, checkPlaces, type ScoreKind } from './scores.ts';

/** Each of shape [N]. */
export interface RowSummary {
  readonly labels: Int32Array;
  /** The class of the largest score, the first of equal ones. */
  readonly predictions: Int32Array;
  /** Its probability. */
  readonly confidences: Float64Array;
  /** -log p of the true class; Infinity where its probability is 0. */
  readonly nll: Float64Array;
  /** sum_c (p_c - [c is true])^2, in [0, 2] (Brier, 1950). */
  readonly brier: Float64Array;
}

/**
 * @param scores row by row, shape [N, C]
 * @param labels shape [N]
 * @param options.from `logits` (default) or `probabilities`
 * @throws InputError naming the row of a score that is NaN or no probability, and for wrong labels
 * @example
 * summariseRows([2, 0], [0], { numClasses: 2 }); // predictions [0], confidences [.881], nll [.127], brier [.028]
 */
export function summariseRows(
  scores: ArrayLike<number>,
  labels: LabelList,
  options: { numClasses: number; from?: ScoreKind },
): RowSummary {
  const { numClasses, from = 'logits' } = checkOptions(options, { of: 'summariseRows' });
  checkKind(from);
  checkPlaces({ numClasses });
  const rows = asProbableRows({ scores, labels }, { numClasses, from });
  const { length } = rows.labels;
  const [confidences, nll, brier] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  const summary = { labels: rows.labels.slice(), predictions: rows.predictions, confidences, nll, brier };
  for (let row = 0; row < length; row++)
    (from === 'logits' ? summariseLogits : summariseProbabilities)(scores, { row, numClasses, summary });
  return summary;
}

type Place = { row: number; numClasses: number; summary: RowSummary };

/** One pass: with e_c = exp(z_c - max z), p_c = e_c / sum e, and sum_c p_c^2 = sum e^2 / (sum e)^2. */
function summariseLogits(logits: ArrayLike<number>, { row, numClasses, summary }: Place): void {
  const [start, label] = [row * numClasses, summary.labels[row]!];
  const most = logits[start + summary.predictions[row]!]!;
  let [sum, others] = [0, 0];
  for (let c = 0; c < numClasses; c++) {
    const e = Math.exp(logits[start + c]! - most);
    sum += e;
    if (c !== label) others += e * e;
  }
  const own = logits[start + label]! - most;
  summary.confidences[row] = 1 / sum;
  summary.nll[row] = Math.log(sum) - own;
  summary.brier[row] = others / sum ** 2 + (1 - Math.exp(own) / sum) ** 2;
}

function summariseProbabilities(p: ArrayLike<number>, { row, numClasses, summary }: Place): void {
  const [start, label] = [row * numClasses, summary.labels[row]!];
  let others = 0;
  for (let c = 0; c < numClasses; c++) if (c !== label) others += p[start + c]! ** 2;
  summary.confidences[row] = p[start + summary.predictions[row]!]!;
  summary.nll[row] = Math.max(0, -Math.log(p[start + label]!)); // float32 rows may exceed 1 by a little
  summary.brier[row] = others + (1 - p[start + label]!) ** 2;
}
