/** What pictures are normalised with: a byte b becomes (b / 255 - mean) / std. */
import { checkLists, checkNumbers, checkObjects, InputError } from '@longtail/core';

/** Of red, green and blue, in units of 0..1. */
export interface Statistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** @throws InputError unless mean and std are three numbers each, in units of 0..1 */
export function checkStatistics(statistics: Statistics): void {
  checkObjects({ statistics });
  for (const key of ['mean', 'std'] as const) {
    const values = statistics[key];
    checkLists({ [`statistics.${key}`]: values });
    if (values.length !== 3)
      throw new InputError(`statistics.${key} must be 3 numbers, but there are ${values.length}.`);
    const bounds = key === 'mean' ? { least: 0, most: 1 } : { above: 0, most: 1 };
    for (const [channel, value] of [...values].entries())
      checkNumbers({ [`statistics.${key}[${channel}]`]: value }, bounds);
  }
}
