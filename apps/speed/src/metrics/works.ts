/** The metrics that are timed, by the names that metrics.py knows. */
import {
  calibrationOver,
  classCalibrationOver,
  confusionMatrix,
  evaluate,
  macroF1,
  measure,
  scoresOf,
  tally,
  tallyOver,
  topKOver,
} from '@longtail/metrics';
import { chunks, labels, numClasses, trainCounts } from './scores.ts';

interface Given {
  /** [N, C]. */
  readonly scores: Float32Array;
  /** Of the largest, [N]. */
  readonly predictions: Int32Array;
}
type Way = (given: Given) => unknown;

export const WAYS: Readonly<Record<string, Way>> = {
  'accuracy and groups, of predictions': ({ predictions }) => evaluate(predictions, labels, trainCounts),
  'accuracy and groups, of scores': ({ scores }) =>
    scoresOf(measure(chunks(scores), tallyOver({ numClasses })), trainCounts),
  'macro-F1': ({ predictions }) => macroF1(tally(predictions, labels, { numClasses })),
  'confusion matrix': ({ predictions }) => confusionMatrix(predictions, labels, { numClasses }),
  'top-1 and top-5, of scores': ({ scores }) => measure(chunks(scores), topKOver({ numClasses })),
  'ECE, NLL and Brier, of logits': ({ scores }) => measure(chunks(scores), calibrationOver({ numClasses })),
  'class-wise ECE, of logits': ({ scores }) => measure(chunks(scores), classCalibrationOver({ numClasses })),
};
