/** The step that seeds a loss's random numbers. */
import { InputError } from '@longtail/core';
import type { LossOptions } from './loss.ts';

/** @throws InputError when the training loop does not say which step it is */
export function stepOf({ step }: LossOptions, { loss }: { loss: string }): number {
  if (step !== undefined) return step;
  throw new InputError(
    `${loss} draws random numbers by the step, but none was given; pass { epoch, step } with a step that counts up.`,
  );
}
