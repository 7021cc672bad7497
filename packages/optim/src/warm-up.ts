/** Schedules made of others: a warm-up before one, and several in turn. */
import { InputError } from '@longtail/core';
import { type Schedule, scheduleOf } from './schedule.ts';

/**
 * The first epochs of a schedule scaled linearly; it goes on meanwhile (ChainedScheduler with LinearLR).
 *
 * @param options.epochs over how many; by batches, also a part of one: `500 / batchesPerEpoch`. 0: none
 * @param options.from the factor at the start. Default: by epochs (epoch + 1) / epochs, as LDAM's code; by batches 0
 * @param options.step whether the factor moves with each epoch (default) or each batch
 * @throws InputError when the number of epochs or `from` is none
 */
export function warmUp(
  schedule: Schedule,
  { epochs, from, step = 'epoch' }: { epochs: number; from?: number; step?: 'batch' | 'epoch' },
): Schedule {
  if (epochs === 0) return schedule;
  if (from !== undefined && !(from >= 0 && from <= 1))
    throw new InputError(`a warm-up begins from a factor in 0..1, but ${from} was given.`, { from });
  const isLdams = from === undefined && step === 'epoch';
  const least = from ?? 0;
  const options = { epochs, step: isLdams ? 'official' : step } as const;
  const factor = scheduleOf(1, options, (share) => least + (1 - least) * share);
  return (epoch, done = 0) => schedule(epoch, done) * factor(epoch, done);
}

/**
 * Schedules one after the other, each from its own epoch 0 (SequentialLR).
 *
 * @param options.at the epochs at which the second and each later one begins, ascending
 * @throws InputError when there are not one fewer of them than schedules, or they do not ascend
 * @example
 * sequence([linear(0.1, { epochs: 5, from: 0.1, to: 1 }), cosine(0.1, { epochs: 195 })], { at: [5] });
 */
export function sequence(schedules: readonly Schedule[], { at }: { at: readonly number[] }): Schedule {
  const starts = [0, ...at];
  const ascend = starts.every((start, i) => Number.isInteger(start) && (i === 0 || start > starts[i - 1]!));
  if (schedules.length !== starts.length || !ascend)
    throw new InputError(
      `a sequence of ${schedules.length} schedules needs the ${Math.max(0, schedules.length - 1)} epochs at which the next begins, ascending from 1, but got [${at}].`,
    );
  return (epoch, done = 0) => {
    const place = starts.findLastIndex((start) => epoch >= start);
    return schedules[place]!(epoch - starts[place]!, done);
  };
}
