/**
 * A run on disk. Every file is written beside its place and renamed, so that it is whole or not there; each stage reads
 * what the ones before it wrote:
 *
 *   run.json                             what was asked for
 *   dataset.json                         class names, counts, a few pictures
 *   SAMPLER/representation.safetensors   train: backbone, joint head, momentum, how far it is
 *   SAMPLER/features.safetensors         extract: f(x) of train, validation and test pictures
 *   SAMPLER/classifiers.safetensors      classify: the weights of every head
 *   SAMPLER/predictions.safetensors      classify: the class each head gives to each test picture
 *   results.json, report.html            evaluate, report
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import { DEFAULT_LOSS, type RecipeOptions } from './recipe.ts';
import { samplerLabel, samplerLabels } from './samplers.ts';

/** What a run was asked for: the content of `run.json`. */
export interface RunSettings {
  /** A name, or the path of a module. */
  readonly recipe: string;
  readonly seed: number;
  readonly options: RecipeOptions;
  /** Folder of the pictures, '' where the recipe needs none. */
  readonly data: string;
  readonly command: string;
}

const STAGE_FILES = ['representation', 'features', 'classifiers', 'predictions'] as const;
export type StageFile = (typeof STAGE_FILES)[number];

export const stageFile = (folder: string, sampler: string, stage: StageFile): string =>
  join(folder, samplerLabel(sampler), `${stage}.safetensors`);

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 1)}\n`);
}

function mustExist(path: string, { after }: { after: string }): void {
  if (!existsSync(path)) throw new DataError(`expected ${path}, but it is not there; run "${after}" before.`);
}

/** @param after the command that writes the file, for the error message */
export async function readJson<T>(path: string, { after }: { after: string }): Promise<T> {
  mustExist(path, { after });
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (cause) {
    throw new DataError(`expected JSON in ${path}, but ${(cause as Error).message}; run "${after}" again.`);
  }
}

export async function writeArrays(
  path: string,
  arrays: NamedArrays,
  metadata: Record<string, string>,
): Promise<void> {
  await writeWhole(path, encodeSafetensors(arrays, metadata));
}

/** @param after the command that writes the file, for the error message */
export async function readArrays(
  path: string,
  { after }: { after: string },
): Promise<ReturnType<typeof decodeSafetensors>> {
  mustExist(path, { after });
  return decodeSafetensors(await readFile(path), { source: path });
}

/**
 * Removes a run's own files, and nothing else, from a folder. `run.json` goes last, so that a second try finds what a
 * first one left.
 */
async function clearRun(folder: string, samplers: readonly string[]): Promise<void> {
  for (const sampler of samplers)
    for (const stage of STAGE_FILES) await rm(stageFile(folder, sampler, stage), { force: true });
  for (const file of ['dataset.json', 'results.json', 'report.html', 'run.json'])
    await rm(join(folder, file), { force: true });
}

/** @throws UsageError naming the first thing that differs */
function mustAgree(folder: string, known: RunSettings, asked: RunSettings): void {
  const flat = ({ recipe, seed, options }: RunSettings): Record<string, unknown> => ({
    recipe,
    seed,
    loss: DEFAULT_LOSS,
    microBatch: 0,
    ...options,
  });
  for (const [key, value] of Object.entries(flat(asked)))
    if (flat(known)[key] !== value)
      throw new UsageError(
        `${folder} holds a run with ${key}=${flat(known)[key]}, but ${key}=${value} was asked for; name another folder with --out, or start over with --fresh.`,
      );
}

/**
 * Begins a run in a folder, or goes on with the one that is there.
 *
 * @param options.needsData whether there must be a folder of pictures; the one that was named before does
 * @param options.fresh remove the run that is there, and what one without a `run.json` has left, and start over
 * @throws UsageError when the folder holds a run of another recipe, seed or options; DataError when no pictures are
 *   named. Nothing is changed then
 */
export async function beginRun(
  folder: string,
  settings: RunSettings,
  { needsData = false, fresh = false }: { needsData?: boolean; fresh?: boolean } = {},
): Promise<void> {
  const path = join(folder, 'run.json');
  const known = existsSync(path) ? await openRun(folder) : undefined;
  if (known && !fresh) mustAgree(folder, known, settings);
  const data = settings.data || known?.data || '';
  if (needsData && !data)
    throw new DataError(`the recipe ${settings.recipe} needs real pictures: name their folder with --data.`);
  if (fresh) {
    const samplers = [known, settings].flatMap((run) => (run ? samplerLabels(run.options.samplers) : []));
    await clearRun(folder, samplers);
  }
  await writeJson(path, { ...settings, ...(!fresh && known), data });
}

/** @throws DataError when the folder holds no run */
export async function openRun(folder: string): Promise<RunSettings> {
  return readJson(join(folder, 'run.json'), { after: `longtail run RECIPE --out ${folder}` });
}
