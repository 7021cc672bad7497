/** Learning rates as functions of the epoch (from 0) and, for those that move within one, its fraction done. */
import {
  checkFunctions,
  checkIntegers,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
} from '@longtail/core';

/** @returns the learning rate at epoch `epoch`, an integer >= 0, `done` (0..1) of which is over. */
export type Schedule = (epoch: number, done?: number) => number;

/** A schedule that refuses an epoch or a fraction that is none. */
const checked =
  (schedule: (epoch: number, done: number) => number): Schedule =>
  (epoch, done = 0) => {
    checkIntegers({ epoch }, { least: 0 });
    checkNumbers({ done }, { least: 0, most: 1 });
    return schedule(epoch, done);
  };

/**
 * Cosine to zero: lr (1 + cos(pi t / E)) / 2.
 *
 * @param options.epochs E
 * @param options.step 'batch': t = epoch + done. 'epoch': t = epoch. 'official': t = epoch + 1, as the paper's code
 *   steps its scheduler at the START of each epoch e = 1..E: it never trains at the full rate, and its last
 *   epoch has rate 0.
 * @throws InputError when a rate, a number of epochs or a step is out of range; of each schedule here, when an epoch is
 */
export function cosine(
  learningRate: number,
  options: { epochs: number; step?: 'batch' | 'epoch' | 'official' },
): Schedule {
  const { epochs, step = 'batch' } = checkOptions(options, { of: 'cosine' });
  checkNumbers({ learningRate }, { least: 0 });
  checkIntegers({ epochs });
  checkOneOf({ step }, ['batch', 'epoch', 'official']);
  return checked((epoch, done) => {
    const time = step === 'batch' ? epoch + done : step === 'epoch' ? epoch : epoch + 1;
    return (learningRate * (1 + Math.cos((Math.PI * Math.min(time, epochs)) / epochs))) / 2;
  });
}

/** The rate multiplied by `factor` from each of the epochs in `at` on (LDAM: `{ at: [160, 180], factor: 0.01 }`). */
export function steps(learningRate: number, options: { at: readonly number[]; factor?: number }): Schedule {
  const { at, factor = 0.1 } = checkOptions(options, { of: 'steps' });
  checkLists({ at });
  at.forEach((epoch, i) => {
    checkIntegers({ [`at[${i}]`]: epoch }, { least: 0 });
  });
  checkNumbers({ learningRate, factor }, { least: 0 });
  return checked((epoch) => learningRate * factor ** at.filter((start) => epoch >= start).length);
}

/** The first `epochs` of a schedule scaled linearly, (epoch + 1) / epochs, as LDAM's code warms up. */
export function warmUp(schedule: Schedule, options: { epochs: number }): Schedule {
  const { epochs } = checkOptions(options, { of: 'warmUp' });
  checkFunctions({ schedule });
  checkIntegers({ epochs }, { least: 0 });
  return checked((epoch, done) => schedule(epoch, done) * Math.min(1, (epoch + 1) / Math.max(1, epochs)));
}
