/**
 * Which images CIFAR-LT keeps: the subset of LDAM's code, which MiSLAS, BBN, PaCo, RIDE and others share. One NumPy
 * stream, seed 0; class by class in label order, all of a class's images are shuffled and the first n_c kept.
 */
import { checkIntegers, checkOptions } from '@longtail/core';
import { drawClasses } from './draw-classes.ts';
import { numpyShuffler } from './numpy-random.ts';

/**
 * @param labels of the balanced set, in its own order, shape [N]
 * @param counts n_c to keep, shape [C]
 * @returns positions in the balanced set, class by class, in the order they were drawn
 * @throws InputError when a class has fewer images than are to be kept
 */
export function ldamSubset(
  labels: ArrayLike<number>,
  counts: ArrayLike<number>,
  options: { seed?: number } = {},
): Int32Array {
  const { seed = 0 } = checkOptions(options, { of: 'ldamSubset' });
  checkIntegers({ seed }, { least: 0, most: 2 ** 32 - 1 });
  return drawClasses(labels, counts, numpyShuffler(seed));
}
