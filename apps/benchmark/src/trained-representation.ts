/** The representation of a run, trained to its end. */
import type { Backbone } from '@longtail/backbones';
import { DataError } from '@longtail/core';
import type { Head } from '@longtail/heads';
import { jointName } from './baselines.ts';
import { remedies } from './remedies.ts';
import { loadJointHead, loadRepresentation } from './representation-file.ts';
import type { RunSettings } from './run-directory.ts';
import { runOf, stageFile } from './stage-file.ts';
import type { RunContext } from './stages.ts';
import { beginRepresentation } from './train-representation.ts';
import { type TrainingState, trainingRecord } from './training-state.ts';

function expectTrained(
  { epoch }: TrainingState,
  { path, settings: { options } }: { path: string; settings: RunSettings },
): void {
  if (epoch < options.epochs)
    throw new DataError(
      `expected ${options.epochs} epochs of training in ${path}, but found ${epoch}; run "${remedies(runOf(path)).representation.after}" before.`,
    );
}

/**
 * The joint head alone, as a linear one, under the name that its rows have.
 *
 * @returns the caller's to dispose
 * @throws DataError as {@link trainedRepresentation}
 */
export async function trainedJointHead(
  { settings, folder }: Pick<RunContext, 'settings' | 'folder'>,
  sampler: string,
): Promise<Head> {
  const path = stageFile(folder, sampler, 'representation');
  expectTrained((await trainingRecord(path, remedies(folder).representation)).state, { path, settings });
  return loadJointHead(path, { name: jointName(settings.options) });
}

/**
 * @returns the caller's to dispose
 * @throws DataError when it is missing, damaged, or not trained to the end
 */
export async function trainedRepresentation(
  { recipe, settings, folder, data }: Pick<RunContext, 'recipe' | 'settings' | 'folder' | 'data'>,
  sampler: string,
): Promise<{ backbone: Backbone; joint: Head }> {
  const { seed, options } = settings;
  const own = { seed, options: { ...options, pretrained: '' } }; // the run's weights, not those that it began with
  const { backbone, joint } = await beginRepresentation(recipe, await data(), own);
  try {
    const path = stageFile(folder, sampler, 'representation');
    expectTrained(await loadRepresentation(path, { backbone, joint }), { path, settings });
    return { backbone, joint };
  } catch (error) {
    backbone.dispose();
    joint.dispose();
    throw error;
  }
}
