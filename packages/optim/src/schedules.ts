/** Learning rates that fall over the epochs, each with PyTorch's scheduler of the same meaning. */
import { expectNumber } from './numbers.ts';
import { type Schedule, type ScheduleOptions, scheduleOf } from './schedule.ts';

/** The same rate all the time. */
export function constant(learningRate: number): Schedule {
  expectNumber('learningRate', learningRate);
  return () => learningRate;
}

/**
 * Cosine: minimum + (lr - minimum) (1 + cos(pi t / E)) / 2 (CosineAnnealingLR).
 *
 * @param options.minimum the rate at the end, default 0
 */
export function cosine(
  learningRate: number,
  { minimum = 0, ...options }: ScheduleOptions & { minimum?: number },
): Schedule {
  expectNumber('minimum', minimum);
  return scheduleOf(
    learningRate,
    options,
    (share) => minimum + ((learningRate - minimum) * (1 + Math.cos(Math.PI * share))) / 2,
  );
}

/** Polynomial to zero: lr (1 - t / E)^power (PolynomialLR). */
export function polynomial(
  learningRate: number,
  { power = 1, ...options }: ScheduleOptions & { power?: number },
): Schedule {
  expectNumber('power', power);
  return scheduleOf(learningRate, options, (share) => learningRate * (1 - share) ** power);
}

/** A straight line: lr (from + (to - from) t / E) (LinearLR). */
export function linear(
  learningRate: number,
  { from = 1, to = 0, ...options }: ScheduleOptions & { from?: number; to?: number },
): Schedule {
  expectNumber('from', from);
  expectNumber('to', to);
  return scheduleOf(learningRate, options, (share) => learningRate * (from + (to - from) * share));
}

/**
 * The rate multiplied by `factor` from each of the epochs in `at` on (MultiStepLR; LDAM: `{ at: [160, 180], factor: 0.01 }`).
 */
export function steps(
  learningRate: number,
  { at, factor = 0.1 }: { at: readonly number[]; factor?: number },
): Schedule {
  expectNumber('learningRate', learningRate);
  expectNumber('factor', factor);
  return (epoch) => learningRate * factor ** at.filter((start) => epoch >= start).length;
}
