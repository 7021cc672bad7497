/** Scores of a few queries at a time, of what takes much memory a query. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param queries shape [Q, D]
 * @param score of n queries, shape [n, C]
 * @returns shape [Q, C]
 */
export function inChunks(
  queries: tf.Tensor2D,
  score: (rows: tf.Tensor2D) => tf.Tensor2D,
  { numClasses, chunk }: { numClasses: number; chunk: number },
): tf.Tensor2D {
  const [count] = queries.shape;
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let start = 0; start < count; start += chunk)
      parts.push(tf.tidy(() => score(tf.slice(queries, [start, 0], [Math.min(chunk, count - start), -1]))));
    return parts.length === 0 ? tf.zeros<tf.Rank.R2>([0, numClasses]) : tf.concat(parts, 0);
  });
}
