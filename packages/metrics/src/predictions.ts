/** Predictions and labels of the same rows. */
import { asLabels, InputError, type LabelList } from '@longtail/core';

/** @throws InputError unless there is a class for each label */
export function asPredictions(
  predictions: LabelList,
  labels: Int32Array,
  { numClasses, name }: { numClasses: number; name: string },
): Int32Array {
  const predicted = asLabels(predictions, { numClasses, name });
  if (predicted.length !== labels.length)
    throw new InputError(
      `${name} must hold a class for each of the ${labels.length} labels, but there are ${predicted.length}.`,
    );
  return predicted;
}
