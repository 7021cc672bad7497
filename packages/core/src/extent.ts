/** The least and the largest of many numbers; spread into Math.max, 125,000 are too many. */

/**
 * @returns [least, most]; [Infinity, -Infinity] of none
 * @example
 * extent([3, 1, 2]); // [1, 3]
 */
export function extent(values: ArrayLike<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return [least, most];
}
