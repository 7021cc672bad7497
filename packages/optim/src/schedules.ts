/**
 * Learning rates that fall over the epochs, each with PyTorch's scheduler of the same meaning. All throw an InputError when a
 * number or a step is out of its range, and so does the schedule when an epoch is.
 */
import { checkNumbers, checkOptions } from '@longtail/core';
import { checkEpochs, checked, type Schedule, type ScheduleOptions, scheduleOf } from './schedule.ts';

/** The same rate all the time. */
export function constant(learningRate: number): Schedule {
  checkNumbers({ learningRate }, { least: 0 });
  return checked(() => learningRate);
}

/**
 * Cosine: minimum + (lr - minimum) (1 + cos(pi t / E)) / 2 (CosineAnnealingLR).
 *
 * @param options.minimum the rate at the end, default 0
 */
export function cosine(learningRate: number, options: ScheduleOptions & { minimum?: number }): Schedule {
  const { minimum = 0, ...others } = checkOptions(options, { of: 'cosine' });
  checkNumbers({ minimum }, { least: 0 });
  return scheduleOf(
    learningRate,
    others,
    (share) => minimum + ((learningRate - minimum) * (1 + Math.cos(Math.PI * share))) / 2,
  );
}

/** Polynomial to zero: lr (1 - t / E)^power (PolynomialLR). */
export function polynomial(learningRate: number, options: ScheduleOptions & { power?: number }): Schedule {
  const { power = 1, ...others } = checkOptions(options, { of: 'polynomial' });
  checkNumbers({ power }, { least: 0 });
  return scheduleOf(learningRate, others, (share) => learningRate * (1 - share) ** power);
}

/** A straight line: lr (from + (to - from) t / E) (LinearLR). */
export function linear(
  learningRate: number,
  options: ScheduleOptions & { from?: number; to?: number },
): Schedule {
  const { from = 1, to = 0, ...others } = checkOptions(options, { of: 'linear' });
  checkNumbers({ from, to }, { least: 0 });
  return scheduleOf(learningRate, others, (share) => learningRate * (from + (to - from) * share));
}

/**
 * The rate multiplied by `factor` from each of the epochs in `at` on (MultiStepLR; LDAM: `{ at: [160, 180], factor: 0.01 }`).
 */
export function steps(learningRate: number, options: { at: readonly number[]; factor?: number }): Schedule {
  const { at, factor = 0.1 } = checkOptions(options, { of: 'steps' });
  checkEpochs(at, { least: 0 });
  checkNumbers({ learningRate, factor }, { least: 0 });
  return checked((epoch) => learningRate * factor ** at.filter((start) => epoch >= start).length);
}
