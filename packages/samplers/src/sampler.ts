/** The contract of every sampler: which images an epoch shows, and in which order. */
import { InputError, random } from '@longtail/core';

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

/** @throws InputError unless the seed is a safe integer, before the first epoch would find out */
export function checkSeed(seed: number): void {
  random(seed);
}

/** @throws InputError unless epoch is an integer from 0 to before `epochs` */
export function checkEpoch(epoch: number, epochs: number = Number.POSITIVE_INFINITY): void {
  if (!Number.isSafeInteger(epoch) || epoch < 0 || epoch >= epochs)
    throw new InputError(
      `an epoch must be an integer from 0${Number.isFinite(epochs) ? ` to ${epochs - 1}` : ''}, but it is ${epoch}.`,
      { epoch },
    );
}

/** @throws InputError naming the first option that is not an integer >= least */
export function checkIntegers(
  options: Readonly<Record<string, number>>,
  { least = 1 }: { least?: number } = {},
): void {
  for (const [name, value] of Object.entries(options))
    if (!Number.isSafeInteger(value) || value < least)
      throw new InputError(`${name} must be an integer >= ${least}, but it is ${value}.`, { [name]: value });
}
