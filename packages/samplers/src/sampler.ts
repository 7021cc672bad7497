/** The contract of every sampler: which images an epoch shows, and in which order. */
import { InputError } from '@longtail/core';

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

/** A sampler that draws a class by a law, then an image of that class uniformly. */
export interface WeightedSampler extends Sampler {
  /** p_c, the chance of each class at an epoch, shape [C]. */
  probabilities(epoch: number): Float64Array;
}

export interface SamplerOptions {
  /** An integer. */
  readonly seed: number;
}

/** @throws InputError unless epoch is an integer from 0 to before `epochs` */
export function checkEpoch(epoch: number, epochs: number = Number.POSITIVE_INFINITY): void {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= epochs)
    throw new InputError(
      `an epoch must be an integer from 0${Number.isFinite(epochs) ? ` to ${epochs - 1}` : ''}, but it is ${epoch}.`,
      { epoch },
    );
}
