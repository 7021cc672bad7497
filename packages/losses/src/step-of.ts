/** The step that seeds a loss's random numbers. */
import { checkIntegers, InputError } from '@longtail/core';
import type { LossOptions } from './loss.ts';

/** @throws InputError when the training loop does not say which step it is, an integer >= 0 */
export function stepOf({ step }: LossOptions, { loss }: { loss: string }): number {
  if (step === undefined)
    throw new InputError(
      `${loss} draws random numbers by the step, but none was given; pass { epoch, step } with a step that counts up.`,
    );
  checkIntegers({ step }, { least: 0 });
  return step;
}
