/** The first pictures of each class, once its positions are shuffled: what every drawn subset is. */
import { checkLists, InputError, indicesByClass } from '@longtail/core';
import { expectIntegers } from './arguments.ts';

/**
 * @param labels of the whole set, shape [N]
 * @param counts n_c to keep, shape [C]
 * @param shuffle the positions of class c in place; it is called class by class in label order
 * @returns positions in the whole set, class by class, in the order they were drawn
 * @throws InputError when a class has fewer pictures than are to be kept, or counts are none
 */
export function drawClasses(
  labels: ArrayLike<number>,
  counts: ArrayLike<number>,
  shuffle: (positions: Int32Array, c: number) => Int32Array,
): Int32Array {
  checkLists({ labels });
  expectIntegers('counts', counts, { most: 2 ** 31 - 1 });
  const kept = indicesByClass(labels, { numClasses: counts.length }).map((positions, c) => {
    if (positions.length < counts[c]!)
      throw new InputError(`class ${c} is to keep ${counts[c]} images, but has ${positions.length}.`, {
        class: c,
      });
    return shuffle(positions, c).subarray(0, counts[c]!);
  });
  return Int32Array.from(kept.flatMap((positions) => [...positions]));
}
