/** How many resamples are drawn, and from which seed. */
import { checkIntegers, checkOptions } from '@longtail/core';
import { checkConfidence } from './interval.ts';

export interface BootstrapOptions {
  /** Default 2000: with so many the ends of an interval vary by a twentieth of its half with the seed. */
  readonly replicates?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 0. */
  readonly seed?: number;
}

const MOST_REPLICATES = 1e6;

/** The options with their defaults. @throws InputError naming what is out of its range */
export function bootstrapOptions(options: BootstrapOptions, of: string): Required<BootstrapOptions> {
  const { replicates = 2000, confidence = 0.95, seed = 0 } = checkOptions(options, { of });
  checkIntegers({ replicates }, { least: 2, most: MOST_REPLICATES });
  checkIntegers({ seed }, { least: -(2 ** 53) });
  checkConfidence(confidence);
  return { replicates, confidence, seed };
}
