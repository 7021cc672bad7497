/** A cycle for each class: its images shuffled, given out one by one, shuffled again when they are through. */
import type { ClassGroups } from '@longtail/core';

/**
 * @param shuffle in place, the images of class c
 * @returns the next image of a class, in constant time a call on average
 */
export function cycles(
  { order, offsets, counts }: ClassGroups,
  shuffle: (images: Int32Array, c: number) => void,
): (c: number) => number {
  const images = order.slice();
  const given = counts.slice(); // all through: the first call shuffles
  return (c) => {
    if (given[c] === counts[c]) {
      if (counts[c]! > 1) shuffle(images.subarray(offsets[c], offsets[c + 1]), c);
      given[c] = 0;
    }
    return images[offsets[c]! + given[c]!++]!;
  };
}
