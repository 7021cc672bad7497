/** Where a network that stage 2 trains once more lies: SAMPLER/retrained-NAME.safetensors, and its checkpoint before. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RETRAINED, type RetrainedName } from './retrained-parts.ts';
import { previousOf, stageFile } from './stage-file.ts';

/** Backbone and classifier, as `longtail evaluate --checkpoint` takes them. */
export const retrainedFile = (folder: string, sampler: string, name: RetrainedName): string =>
  join(dirname(stageFile(folder, sampler, 'representation')), `retrained-${name}.safetensors`);

/** All that there can be of a sampler, whatever the run asks for. */
export const retrainedFiles = (folder: string, sampler: string): string[] =>
  RETRAINED.map((name) => retrainedFile(folder, sampler, name));

export async function removeRetrained(path: string): Promise<void> {
  for (const file of [path, previousOf(path)]) await rm(file, { force: true });
}
