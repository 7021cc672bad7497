/**
 * The F measure of open-set recognition: rows of no known class have label -1, and a row that is rejected has prediction -1.
 * F = 2 TP / (2 TP + FP + FN), where TP are the known rows that are right, and
 * - `corrected` (Mendes Junior et al., 2017: F over the known classes): FP are the rows taken for a class that is not
 *   theirs, unknown ones too; FN the known rows that are not given their class, rejected ones too;
 * - `official` (OLTR's and Kang et al.'s F_measure(openset=True)): FP are known rows taken for another known class; FN
 *   are UNKNOWN rows taken for a known class, which are false positives; a known row that is rejected counts nowhere.
 */
import {
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
  type LabelList,
  shown,
} from '@longtail/core';

/** Integers >= -1. */
function asOpen(classes: LabelList, name: string): Int32Array {
  checkLists({ [name]: classes });
  return Int32Array.from({ length: classes.length }, (_, i) => {
    const c = typeof classes[i] === 'bigint' ? Number(classes[i]) : (classes[i] as number);
    if (!(Number.isInteger(c) && c >= -1 && c < 2 ** 31 - 1))
      throw new InputError(`${name} must be classes >= 0, or -1, but ${name}[${i}] is ${shown(classes[i])}.`);
    return c;
  });
}

/**
 * @param predictions shape [N], -1 where a row is rejected
 * @param labels shape [N], -1 where a row is of no known class
 * @param options.by `corrected` (default) or `official`
 * @returns null where there is no row to have TP, FP or FN
 * @throws InputError for other lengths, or naming the first that is no integer >= -1
 * @example
 * openSetF([0, -1, 1, 1], [0, 0, 1, -1]); // TP 2, FP 1, FN 1: .667; by: 'official' .8
 */
export function openSetF(
  predictions: LabelList,
  labels: LabelList,
  options: { by?: 'corrected' | 'official' } = {},
): number | null {
  const { by = 'corrected' } = checkOptions(options, { of: 'openSetF' });
  checkOneOf({ by }, ['corrected', 'official']);
  const [predicted, truth] = [asOpen(predictions, 'predictions'), asOpen(labels, 'labels')];
  if (predicted.length !== truth.length)
    throw new InputError(
      `openSetF needs a prediction a label, but got ${predicted.length} for ${truth.length}.`,
    );
  let [right, wrongKnown, rejected, accepted] = [0, 0, 0, 0];
  truth.forEach((label, i) => {
    if (label === -1) accepted += predicted[i] === -1 ? 0 : 1;
    else if (predicted[i] === label) right += 1;
    else if (predicted[i] === -1) rejected += 1;
    else wrongKnown += 1;
  });
  const [falsePositives, falseNegatives] =
    by === 'official' ? [wrongKnown, accepted] : [wrongKnown + accepted, wrongKnown + rejected];
  const whole = 2 * right + falsePositives + falseNegatives;
  return whole === 0 ? null : (2 * right) / whole;
}

/**
 * The official rule of rejection: a row whose largest probability is below the threshold has prediction -1.
 *
 * @param predictions shape [N]
 * @param confidences shape [N]
 * @param options.threshold the official code's open_threshold, .1
 * @throws InputError for other lengths, or naming the first that is no class or no number
 */
export function rejectBelow(
  predictions: LabelList,
  confidences: ArrayLike<number>,
  options: { threshold?: number } = {},
): Int32Array {
  const { threshold = 0.1 } = checkOptions(options, { of: 'rejectBelow' });
  checkNumbers({ threshold });
  checkLists({ confidences });
  const predicted = asOpen(predictions, 'predictions');
  if (predicted.length !== confidences.length)
    throw new InputError(
      `rejectBelow needs a confidence a prediction, but got ${confidences.length} for ${predicted.length}.`,
    );
  return predicted.map((prediction, i) => {
    if (typeof confidences[i] !== 'number' || Number.isNaN(confidences[i]))
      throw new InputError(`confidences must be numbers, but that of row ${i} is ${shown(confidences[i])}.`);
    return confidences[i]! < threshold ? -1 : prediction;
  });
}
