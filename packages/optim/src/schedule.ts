/** The contract of learning-rate schedules: functions of the epoch (from 0) and its fraction done. */
import { checkIntegers, checkLists, checkNumbers, checkOneOf } from '@longtail/core';

/** @returns the learning rate at epoch `epoch`, an integer >= 0, `done` (0..1) of which is over. */
export type Schedule = (epoch: number, done?: number) => number;

/**
 * When a schedule moves. 'batch': t = epoch + done. 'epoch': t = epoch. 'official': t = epoch + 1, as the paper's code
 * steps its scheduler at the START of each epoch e = 1..E: it never trains at the full rate, and a rate that falls to 0
 * is 0 in the last epoch.
 */
export type ScheduleStep = 'batch' | 'epoch' | 'official';

export interface ScheduleOptions {
  /** E, a whole number, or any number > 0 where it moves with each batch (batches / batches an epoch). */
  readonly epochs: number;
  readonly step?: ScheduleStep;
}

/** A schedule that refuses an epoch or a fraction that is none, and gives no rate that is none. */
export const checked =
  (schedule: (epoch: number, done: number) => number): Schedule =>
  (epoch, done = 0) => {
    checkIntegers({ epoch }, { least: 0 });
    checkNumbers({ done }, { least: 0, most: 1 });
    const rate = schedule(epoch, done);
    checkNumbers({ 'the rate of a schedule': rate }, { least: 0 });
    return rate;
  };

/** @throws InputError when there is one that is not an integer >= least */
export function checkEpochs(at: readonly number[], { least }: { least: number }): void {
  checkLists({ at });
  at.forEach((epoch, i) => {
    checkIntegers({ [`at[${i}]`]: epoch }, { least });
  });
}

/**
 * A rate that changes with the share t / E of its epochs, and stays from E on.
 *
 * @param at the rate at a share in 0..1
 * @throws InputError when the number of epochs or the step is none, or the rate negative or no number
 */
export function scheduleOf(
  learningRate: number,
  { epochs, step = 'batch' }: ScheduleOptions,
  at: (share: number) => number,
): Schedule {
  checkNumbers({ learningRate }, { least: 0 });
  checkOneOf({ step }, ['batch', 'epoch', 'official']);
  if (step === 'batch') checkNumbers({ epochs }, { above: 0 });
  else checkIntegers({ epochs });
  return checked((epoch, done) => {
    const time = step === 'batch' ? epoch + done : step === 'epoch' ? epoch : epoch + 1;
    return at(Math.min(time, epochs) / epochs);
  });
}
