/** Rows as calibration sees them: how sure each prediction is, and whether it is right. */
import { checkLists, InputError, shown } from '@longtail/core';

/** @throws InputError naming the first row that does not fit */
export function checkConfidences(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  of: string,
): void {
  checkLists({ confidences, correct });
  if (confidences.length === 0 || confidences.length !== correct.length)
    throw new InputError(
      `${of} needs as many confidences as rows that are correct or not, and at least one, but got ${confidences.length} and ${correct.length}.`,
    );
  for (let row = 0; row < confidences.length; row++) {
    if (!(Number.isFinite(confidences[row]) && confidences[row]! >= 0 && confidences[row]! <= 1))
      throw new InputError(
        `confidences must be in [0, 1], but that of row ${row} is ${shown(confidences[row])}.`,
        { row },
      );
    const is: unknown = correct[row];
    if (is !== 0 && is !== 1 && is !== true && is !== false)
      throw new InputError(`correct must hold 0 or 1, but that of row ${row} is ${shown(is)}.`, { row });
  }
}
