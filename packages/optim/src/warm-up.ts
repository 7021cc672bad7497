/** Schedules made of others: a warm-up before one, and several in turn. */
import {
  checkFunctions,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
} from '@longtail/core';
import { checkEpochs, checked, type Schedule, scheduleOf } from './schedule.ts';

/**
 * The first epochs of a schedule scaled linearly; it goes on meanwhile (ChainedScheduler with LinearLR).
 *
 * @param options.epochs over how many; by batches, also a part of one: `500 / batchesPerEpoch`. 0: none
 * @param options.from the factor at the start. Default: by epochs (epoch + 1) / epochs, as LDAM's code; by batches 0
 * @param options.step whether the factor moves with each epoch (default) or each batch
 * @throws InputError when the number of epochs, `from` or the step is none
 */
export function warmUp(
  schedule: Schedule,
  options: { epochs: number; from?: number; step?: 'batch' | 'epoch' },
): Schedule {
  const { epochs, from, step = 'epoch' } = checkOptions(options, { of: 'warmUp' });
  const least = from === undefined ? 0 : from;
  checkFunctions({ schedule });
  checkNumbers({ from: least }, { least: 0, most: 1 });
  checkOneOf({ step }, ['batch', 'epoch']);
  const isLdams = from === undefined && step === 'epoch';
  const moving = { epochs, step: isLdams ? 'official' : step } as const;
  const factor = epochs === 0 ? () => 1 : scheduleOf(1, moving, (share) => least + (1 - least) * share);
  return checked((epoch, done) => schedule(epoch, done) * factor(epoch, done));
}

/**
 * Schedules one after the other, each from its own epoch 0 (SequentialLR).
 *
 * @param options.at the epochs at which the second and each later one begins, ascending
 * @throws InputError when there are not one fewer of them than schedules, or they do not ascend
 * @example
 * sequence([linear(0.1, { epochs: 5, from: 0.1, to: 1 }), cosine(0.1, { epochs: 195 })], { at: [5] });
 */
export function sequence(schedules: readonly Schedule[], options: { at: readonly number[] }): Schedule {
  const { at } = checkOptions(options, { of: 'sequence' });
  checkLists({ schedules });
  for (const schedule of schedules) checkFunctions({ 'each of schedules': schedule });
  checkEpochs(at, { least: 1 });
  const starts = [0, ...at];
  const ascend = at.every((start, i) => start > starts[i]!);
  if (schedules.length !== starts.length || !ascend)
    throw new InputError(
      `a sequence of ${schedules.length} schedules needs the ${Math.max(0, schedules.length - 1)} epochs at which the next begins, ascending from 1, but got [${at}].`,
    );
  return checked((epoch, done) => {
    const place = starts.findLastIndex((start) => epoch >= start);
    return schedules[place]!(epoch - starts[place]!, done);
  });
}
