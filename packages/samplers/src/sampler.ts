/** The contract of every sampler: which images an epoch shows, and in which order. */
import {
  checkFunctions,
  checkIntegers,
  checkObjects,
  checkOptions,
  checkPositions,
  checkStrings,
  InputError,
  random,
  shown,
} from '@longtail/core';

export interface Sampler {
  readonly name: string;
  /** How many indices an epoch has. */
  readonly length: number;
  /**
   * The positions of an epoch's images, shape [length]: a PURE function of (seed, epoch), so that an epoch can be
   * resumed, replayed, or read by several readers.
   *
   * @param epoch an integer >= 0
   * @throws InputError for any other epoch
   */
  indices(epoch: number): Int32Array;
}

/** A sampler whose class law is known, as that of every sampler here. */
export interface SamplerWithLaw extends Sampler {
  /**
   * p_c, the share of each class that is expected in an epoch, shape [C], C = the largest label + 1. It sums to 1 and
   * is 0 where a class has no image.
   *
   * @throws InputError as indices(epoch)
   */
  probabilities(epoch: number): Float64Array;
}

export interface SamplerOptions {
  /** An integer. */
  readonly seed: number;
}

/** What an Int32Array of draws may have. */
export const MOST_DRAWS: number = 2 ** 31 - 1;

/** @throws InputError unless the seed is a safe integer, before the first epoch would find out */
export function checkSeed(seed: number): void {
  random(seed);
}

/** @throws InputError unless epoch is an integer from 0 to before `epochs` */
export function checkEpoch(epoch: number, epochs: number = Number.POSITIVE_INFINITY): void {
  if (!Number.isSafeInteger(epoch) || epoch < 0 || epoch >= epochs)
    throw new InputError(
      `an epoch must be an integer from 0${Number.isFinite(epochs) ? ` to ${epochs - 1}` : ''}, but it is ${shown(epoch)}.`,
      { epoch },
    );
}

/** @throws InputError unless it has what a sampler has */
export function checkSampler(sampler: Sampler): void {
  checkObjects({ 'a sampler': sampler });
  const { name, length, indices } = sampler;
  checkStrings({ 'the name of a sampler': name });
  checkIntegers({ 'the length of a sampler': length }, { most: MOST_DRAWS });
  checkFunctions({ 'indices of a sampler': indices });
}

/**
 * An epoch of any sampler, one of a stranger's too.
 *
 * @param options.images how many there are to choose from; default: not known
 * @throws InputError naming the sampler, unless the epoch is `length` positions of them
 * @example
 * indicesOf(sampler, { epoch, images: labels.length }); // mine.indices(0)[3] is 99, but ...
 */
export function indicesOf(sampler: Sampler, options: { epoch: number; images?: number }): Int32Array {
  const { epoch, images = MOST_DRAWS } = checkOptions(options, { of: 'indicesOf' });
  checkSampler(sampler);
  checkEpoch(epoch);
  checkIntegers({ images });
  const indices = sampler.indices(epoch);
  const name = `${sampler.name}.indices(${epoch})`;
  if (!(indices instanceof Int32Array))
    throw new InputError(`${name} must be an Int32Array, but it is ${shown(indices)}.`);
  checkPositions(indices, { length: images, of: 'the set', name });
  if (indices.length !== sampler.length)
    throw new InputError(
      `${name} must have the sampler's length, ${sampler.length}, but it has ${indices.length} positions.`,
      { length: sampler.length, found: indices.length },
    );
  return indices;
}
