/** Predictions as CSV, Parquet or npy. */
import { encodeCsv, encodeNpy, encodeParquet } from '@longtail/formats';

export interface Predictions {
  readonly classNames: readonly string[];
  /** [N] */
  readonly classes: Int32Array;
  /** The probability of that class, [N]. */
  readonly confidence: Float32Array;
  /** Of all classes, [N, C], for npy. */
  readonly probabilities?: Float32Array;
  /** Classes of each row's set, [N]. */
  readonly sets?: number[][];
}

/** A table has label and probability, and the set as a JSON list of names; npy the probabilities of all classes. */
export function encodePredictions(found: Predictions, format: string): Uint8Array {
  const { classNames, classes, confidence, probabilities, sets } = found;
  if (probabilities) return encodeNpy({ shape: [classes.length, classNames.length], data: probabilities });
  const columns = {
    label: Array.from(classes, (c) => classNames[c]!),
    probability: { shape: [classes.length], data: confidence },
    ...(sets && { set: sets.map((set) => JSON.stringify(set.map((c) => classNames[c]))) }),
  };
  return format === 'parquet' ? encodeParquet(columns) : encodeCsv(columns);
}
