/** The contract of learning-rate schedules: functions of the epoch (from 0) and its fraction done. */
import { InputError } from '@longtail/core';
import { expectNumber } from './numbers.ts';

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

/**
 * A rate that changes with the share t / E of its epochs, and stays from E on.
 *
 * @param at the rate at a share in 0..1
 * @throws InputError when the number of epochs is none, or the rate negative or no number
 */
export function scheduleOf(
  learningRate: number,
  { epochs, step = 'batch' }: ScheduleOptions,
  at: (share: number) => number,
): Schedule {
  expectNumber('learningRate', learningRate);
  if (!(step === 'batch' ? epochs > 0 && Number.isFinite(epochs) : Number.isInteger(epochs) && epochs >= 1))
    throw new InputError(
      `a schedule needs ${step === 'batch' ? 'a number of epochs > 0' : 'a whole number of epochs >= 1'}, but ${epochs} was given.`,
      { epochs },
    );
  return (epoch, done = 0) => {
    const time = step === 'batch' ? epoch + done : step === 'epoch' ? epoch : epoch + 1;
    return at(Math.min(time, epochs) / epochs);
  };
}
