/** Learning rates as functions of the epoch (from 0) and, for those that move within one, its fraction done. */
import { InputError } from '@longtail/core';

/** @returns the learning rate at epoch `epoch`, an integer >= 0, `done` (0..1) of which is over. */
export type Schedule = (epoch: number, done?: number) => number;

function checkEpochs(epochs: number): void {
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new InputError(`a schedule needs a whole number of epochs >= 1, but ${epochs} was given.`, {
      epochs,
    });
}

/**
 * Cosine to zero: lr (1 + cos(pi t / E)) / 2.
 *
 * @param options.epochs E
 * @param options.step 'batch': t = epoch + done. 'epoch': t = epoch. 'official': t = epoch + 1, as the paper's code
 *   steps its scheduler at the START of each epoch e = 1..E: it never trains at the full rate, and its last
 *   epoch has rate 0.
 */
export function cosine(
  learningRate: number,
  { epochs, step = 'batch' }: { epochs: number; step?: 'batch' | 'epoch' | 'official' },
): Schedule {
  checkEpochs(epochs);
  return (epoch, done = 0) => {
    const time = step === 'batch' ? epoch + done : step === 'epoch' ? epoch : epoch + 1;
    return (learningRate * (1 + Math.cos((Math.PI * Math.min(time, epochs)) / epochs))) / 2;
  };
}

/** The rate multiplied by `factor` from each of the epochs in `at` on (LDAM: `{ at: [160, 180], factor: 0.01 }`). */
export function steps(
  learningRate: number,
  { at, factor = 0.1 }: { at: readonly number[]; factor?: number },
): Schedule {
  return (epoch) => learningRate * factor ** at.filter((start) => epoch >= start).length;
}

/** The first `epochs` of a schedule scaled linearly, (epoch + 1) / epochs, as LDAM's code warms up. */
export function warmUp(schedule: Schedule, { epochs }: { epochs: number }): Schedule {
  return (epoch, done = 0) => schedule(epoch, done) * Math.min(1, (epoch + 1) / Math.max(1, epochs));
}
