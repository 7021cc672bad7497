/** What a classifier says of rows that it was not fitted on, in pieces: all probabilities at once may be gigabytes. */
import type { Classifier } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { Part } from './part.ts';

/** Probabilities that exist at a time: 64 MB. */
const MOST_VALUES = 2 ** 24;

export interface Predicted {
  /** The likeliest class, the first of equals, [N]. */
  readonly classes: Int32Array;
  /** Its probability, [N]. */
  readonly confidence: Float32Array;
  /** The probability of the true class, [N]. */
  readonly ofTruth: Float32Array;
}

/** @param onRows takes the probabilities [n, C] of rows [start, start + n), in a tidy */
export function eachProbabilities(
  { probabilities, head }: Classifier,
  { values, dim }: { values: Float32Array; dim: number },
  onRows: (probabilities: tf.Tensor2D, start: number) => void,
): void {
  const rows = values.length / dim;
  const step = Math.max(1, Math.min(4096, Math.floor(MOST_VALUES / head.numClasses)));
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(rows, start + step);
    tf.tidy(() => {
      const features = tf.tensor2d(values.subarray(start * dim, end * dim), [end - start, dim]);
      onRows(probabilities(features), start);
    });
  }
}

export function predictions(made: Classifier, part: Part): Predicted {
  const rows = part.labels.length;
  const found: Predicted = {
    classes: new Int32Array(rows),
    confidence: new Float32Array(rows),
    ofTruth: new Float32Array(rows),
  };
  eachProbabilities(made, part, (probabilities, start) => {
    const own = part.labels.slice(start, start + probabilities.shape[0]);
    const indices = tf.stack([tf.range(0, own.length, 1, 'int32'), tf.tensor1d(own, 'int32')], 1);
    found.classes.set(tf.argMax(probabilities, 1).dataSync(), start);
    found.confidence.set(tf.max(probabilities, 1).dataSync(), start);
    found.ofTruth.set(tf.gatherND(probabilities, indices as tf.Tensor2D).dataSync(), start);
  });
  return found;
}

/** Those of several parts, one after another. */
export function joinedPredictions(all: readonly Predicted[]): Predicted {
  if (all.length === 1) return all[0]!;
  return {
    classes: Int32Array.from(all.flatMap(({ classes }) => [...classes])),
    confidence: Float32Array.from(all.flatMap(({ confidence }) => [...confidence])),
    ofTruth: Float32Array.from(all.flatMap(({ ofTruth }) => [...ofTruth])),
  };
}
