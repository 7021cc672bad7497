/** A loss that is no finite number ends the training at that step: what comes after it would be NaN as well. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LongtailError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { writeJson } from './stored-json.ts';

/** A loss, or a weight, is NaN or infinite. `details` holds what the file does, and the file's path. */
export class NotFiniteError extends LongtailError {}

export interface FailedStep {
  readonly sampler: string;
  /** From 1, as progress shows it. */
  readonly epoch: number;
  /** Since the training began, from 0. */
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  /** Of the step's pictures in the training set, and their classes. */
  readonly positions: Int32Array;
  readonly labels: Int32Array;
}

/** Beside the representation at `path`: the step that had no finite loss. */
const failedStepFile = (path: string): string => join(dirname(path), 'not-finite.json');

/** Removes what an earlier try left. */
export const forgetFailedStep = (path: string): Promise<void> => rm(failedStepFile(path), { force: true });

/**
 * Writes the step down beside the representation, which stays as it was.
 *
 * @param options.rate the option to be made smaller
 * @throws NotFiniteError in any case
 */
export async function failStep(
  path: string,
  failed: FailedStep,
  { rate = 'learningRate, with --fresh' }: { rate?: string | undefined } = {},
): Promise<never> {
  const file = failedStepFile(path);
  const { sampler, epoch, step, learningRate, loss } = failed;
  const facts = {
    ...failed,
    loss: String(loss),
    positions: [...failed.positions],
    labels: [...failed.labels],
  };
  await writeJson(file, facts);
  const what = Number.isFinite(loss) ? 'a weight is not after a step whose loss is' : 'it is';
  const kept = epoch > 1 ? `, and what was saved before is kept` : '';
  throw new NotFiniteError(
    `expected a finite loss from ${sampler}, but ${what} ${loss} in epoch ${epoch}, step ${step}, at learning rate ${learningRate}; the step's pictures are in ${file}${kept}. Take a smaller learning rate (--set ${rate}), or look at those pictures.`,
    { ...facts, file },
  );
}

/** Whether every number of every variable is finite. One number is read. */
export function allFinite(variables: readonly tf.Variable[]): boolean {
  const sum = tf.tidy(() => tf.addN(variables.map((one) => tf.sum(tf.sub(one, one)))));
  const [found] = sum.dataSync();
  sum.dispose();
  return found === 0; // x - x is NaN of any other x
}

/** @throws NotFiniteError when the mean loss of an epoch of stage 2 is no finite number */
export function expectFiniteEpoch(loss: number, { head, epoch }: { head: string; epoch: number }): void {
  if (Number.isFinite(loss)) return;
  throw new NotFiniteError(
    `expected a finite loss from ${head}, but it is ${loss} in epoch ${epoch + 1} of stage 2; take a smaller rate (--set headLearningRate).`,
    { head, epoch: epoch + 1, loss: String(loss) },
  );
}
