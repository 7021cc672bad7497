/** Sums over rows that are made chunk by chunk: beside the sum there is one part of it, and never all rows. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param part of the rows from `start` on
 * @returns the sum of the parts, in their order
 */
export function addUp<T extends tf.Tensor>(
  { rows, chunk }: { rows: number; chunk: number },
  part: (start: number, count: number) => T,
): T {
  const own = (start: number) => tf.tidy(() => part(start, Math.min(chunk, rows - start)));
  return tf.tidy(() => {
    let sum = own(0);
    for (let start = chunk; start < rows; start += chunk) {
      const [before, more] = [sum, own(start)];
      sum = tf.add(before, more);
      tf.dispose([before, more]);
    }
    return sum;
  });
}
