/** The set that every part of the program works on, and how numbers leave it. */
import * as tf from '@tensorflow/tfjs-core';

export type Numbers = Iterable<number>;
/** What is computed, by name. */
export type Program = Readonly<Record<string, () => Numbers | Promise<Numbers>>>;

/** Many-shot, medium-shot, few-shot. */
export const COUNTS: Int32Array = Int32Array.of(120, 30, 6);
export const LABELS: Int32Array = Int32Array.from({ length: 156 }, (_, i) => (i < 120 ? 0 : i < 150 ? 1 : 2));
/** All positions. */
export const ROWS: Int32Array = LABELS.map((_, i) => i);

/** The numbers of what is computed, read as a page reads them, without blocking. */
export async function read(compute: () => tf.Tensor): Promise<Numbers> {
  const tensor = tf.tidy(compute);
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values;
}
