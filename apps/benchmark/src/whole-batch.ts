/**
 * A batch that several processes have a part of each, as a whole. Each computes the features of its part; the joint head and the loss see
 * the features of all, on every process alike: weights whose sum a loss divides by, noise and pairs are those of the batch, as with
 * `microBatch`. The loss is then the same number everywhere, and the gradients of the backbone are sums over the processes.
 */
import type { Batch } from '@longtail/datasets';
import * as tf from '@tensorflow/tfjs-core';
import type { Ranks } from './ranks.ts';

export interface WholeBatch {
  /** Of the pictures of all processes, without those that could not be read. */
  readonly labels: Int32Array;
  /** Their positions in the set. */
  readonly indices: Int32Array;
  /** How many could not be read. */
  readonly skipped: number;
  /**
   * The rows of all processes, whose gradient is that of the own ones.
   *
   * @param own [n, D], undefined where n is 0
   * @param dim D
   * @returns [N, D]
   */
  features(own: tf.Tensor2D | undefined, dim: number): tf.Tensor2D;
}

/** @param options.places how many pictures the whole batch was to have */
export function wholeBatch(
  { labels, indices, skipped }: Batch,
  { ranks: { collective, rank, size }, places }: { ranks: Ranks; places: number },
): WholeBatch {
  if (!collective) return { labels, indices, skipped: skipped.length, features: (own) => own! };
  const begin = Math.floor((places * rank) / size); // as `batches` cuts
  const [LABELS, POSITIONS, SKIPPED] = [0, places, 2 * places];
  const facts = new Int32Array(2 * places + 1);
  facts.set(
    labels.map((label) => label + 1),
    LABELS + begin,
  ); // 0 where none is
  facts.set(indices, POSITIONS + begin);
  facts[SKIPPED] = skipped.length;
  collective.reduceArrays([facts]);
  const taken = Int32Array.from(facts.subarray(LABELS, POSITIONS).keys()).filter(
    (place) => facts[place]! > 0,
  );
  const first = taken.findIndex((place) => place >= begin);

  function rows(own: Float32Array, dim: number): Float32Array {
    const all = new Float32Array(places * dim);
    all.set(own, begin * dim);
    collective!.reduceArrays([all]); // to a number of one process the others add 0
    for (const [row, place] of taken.entries())
      if (row < place) all.copyWithin(row * dim, place * dim, (place + 1) * dim);
    return all.subarray(0, taken.length * dim);
  }

  const asTensor = (own: Float32Array, dim: number): tf.Tensor2D =>
    tf.tensor2d(rows(own, dim), [taken.length, dim]);

  return {
    labels: taken.map((place) => facts[place]! - 1),
    indices: taken.map((place) => facts[POSITIONS + place]!),
    skipped: facts[SKIPPED]!,
    features(own, dim) {
      if (!own) return asTensor(new Float32Array(0), dim);
      const gathered = tf.customGrad((x) => ({
        value: asTensor((x as tf.Tensor).dataSync<'float32'>() as Float32Array, dim),
        gradFunc: (dy: tf.Tensor) => tf.slice(dy, [first, 0], own.shape),
      }));
      return gathered(own) as tf.Tensor2D;
    },
  };
}
