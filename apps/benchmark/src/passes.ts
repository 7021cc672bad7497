/** Where stage 2 keeps the augmented passes that cRT and LWS learn from: SAMPLER/passes/. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stageFile } from './stage-file.ts';

const passesFolder = (folder: string, sampler: string): string =>
  join(dirname(stageFile(folder, sampler, 'features')), 'passes');

/** A store, kept: of `views=4` SAMPLER/passes/views-4. */
export const viewsFolder = (folder: string, sampler: string, views: number): string =>
  join(passesFolder(folder, sampler), `views-${views}`);

/** Of an epoch, from 0; removed once the classifiers are there. */
export const livePass = (folder: string, sampler: string, epoch: number): string =>
  join(passesFolder(folder, sampler), 'live', `${epoch}.safetensors`);

export const removePasses = (folder: string, sampler: string): Promise<void> =>
  rm(passesFolder(folder, sampler), { recursive: true, force: true });

export const removeLivePasses = (folder: string, sampler: string): Promise<void> =>
  rm(dirname(livePass(folder, sampler, 0)), { recursive: true, force: true });
