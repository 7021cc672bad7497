/** The representation of a run, trained to its end. */
import type { Backbone } from '@longtail/backbones';
import { DataError } from '@longtail/core';
import type { Head } from '@longtail/heads';
import { remedies } from './remedies.ts';
import { loadRepresentation } from './representation-file.ts';
import { stageFile } from './stage-file.ts';
import type { RunContext } from './stages.ts';
import { beginRepresentation } from './train-representation.ts';

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
    const { epoch } = await loadRepresentation(path, { backbone, joint });
    const { epochs } = settings.options;
    if (epoch >= epochs) return { backbone, joint };
    throw new DataError(
      `expected ${epochs} epochs of training in ${path}, but found ${epoch}; run "${remedies(folder).representation.after}" before.`,
    );
  } catch (error) {
    backbone.dispose();
    joint.dispose();
    throw error;
  }
}
