/** What the recall of each class may be, by Wilson's interval of its own test rows. */
import { asLabels, checkIntegers, checkOptions, type LabelList } from '@longtail/core';
import { checkConfidence, type Interval } from './interval.ts';
import { asPredictions } from './predictions.ts';
import { wilson } from './wilson.ts';

export interface Recall extends Interval {
  readonly recall: number;
  readonly hits: number;
  readonly rows: number;
}

/**
 * @param predictions class of each test image, shape [N]
 * @param labels its true class, shape [N]
 * @param options.numClasses C
 * @returns shape [C]; null for a class without test images
 * @throws InputError when lengths differ, or a class is outside [0, C)
 * @example
 * recallIntervals([0, 0, 1], [0, 0, 0], { numClasses: 2 }); // [{ recall: 0.667, low: 0.208, high: 0.939, ... }, null]
 */
export function recallIntervals(
  predictions: LabelList,
  labels: LabelList,
  options: { numClasses: number; confidence?: number },
): (Recall | null)[] {
  const { numClasses, confidence = 0.95 } = checkOptions(options, { of: 'recallIntervals' });
  checkIntegers({ numClasses });
  checkConfidence(confidence);
  const truth = asLabels(labels, { numClasses });
  const predicted = asPredictions(predictions, truth, { numClasses, name: 'predictions' });
  const [rows, hits] = [new Int32Array(numClasses), new Int32Array(numClasses)];
  for (let i = 0; i < truth.length; i++) {
    rows[truth[i]!]! += 1;
    if (predicted[i] === truth[i]) hits[truth[i]!]! += 1;
  }
  return Array.from(rows, (n, c) => {
    const interval = wilson(hits[c]!, n, { confidence });
    return interval && { recall: hits[c]! / n, hits: hits[c]!, rows: n, ...interval };
  });
}
