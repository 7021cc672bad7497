/**
 * A run on disk. Every file is written beside its place and renamed, so that it is whole or not there; each stage reads
 * what the ones before it wrote, and stamps its files with what they were computed from:
 *
 *   run.json                             what was asked for
 *   made.json                            by which code, on which machine, of which pictures
 *   run.lock                             which process is at work, while one is
 *   metrics.jsonl                        how it goes: loss and rate, a line at most a second
 *   dataset.json                         class names, counts, a few pictures
 *   SAMPLER/representation.safetensors   train: backbone, joint head, momentum, how far it is; with
 *           representation.previous...   the checkpoint before it
 *   SAMPLER/features.safetensors         extract: f(x) of train, validation and test pictures
 *   SAMPLER/classifiers.safetensors      classify: the weights of every head
 *   SAMPLER/predictions.safetensors      classify: the class each head gives to each test picture
 *   SAMPLER/passes/                      classify: augmented features, where cRT and LWS learn from such
 *   SAMPLER/retrained-NAME.safetensors   classify: a network that stage 2 trains once more (Table 1)
 *   results.json                         evaluate
 *   report.html, results.csv, .md, .tex  report; figures/ and cards/ where they are asked for
 */
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { mustAgree } from './agreement.ts';
import { removePasses } from './passes.ts';
import { checkRecipeOptions, type RecipeOptions } from './recipe-options.ts';
import { remedies } from './remedies.ts';
import { reportFiles } from './report-files.ts';
import { datasetSchema } from './results-schema.ts';
import { removeRetrained, retrainedFiles } from './retrained-file.ts';
import { settingsSchema } from './run-settings.ts';
import { samplerLabels } from './samplers.ts';
import { previousOf, readHeader, STAGE_FILES, stageFile } from './stage-file.ts';
import { expectTraining, settingParts } from './stage-stamps.ts';
import { readJson, writeJson } from './stored-json.ts';

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

/**
 * Removes a run's own files, and nothing else, from a folder. `run.json` goes last, so that a second try finds what a
 * first one left.
 */
async function clearRun(folder: string, samplers: Iterable<string>): Promise<void> {
  for (const sampler of samplers) {
    for (const stage of STAGE_FILES) {
      await remove(stageFile(folder, sampler, stage));
      await remove(previousOf(stageFile(folder, sampler, stage)));
    }
    for (const path of retrainedFiles(folder, sampler)) await removeRetrained(path);
    await removePasses(folder, sampler);
  }
  for (const file of await ownFiles(folder)) await remove(file);
  await remove(join(folder, 'run.json'));
}

/** Beside its settings, what a run writes that is of no sampler. */
const ownFiles = async (folder: string): Promise<string[]> => [
  ...['dataset.json', 'made.json', 'metrics.jsonl', 'results.json'].map((name) => join(folder, name)),
  ...(await reportFiles(folder)),
];

/** Whether a run was begun here, of which a kill and a lost `run.json` have left what it is of. */
async function hasOwnRecord(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'dataset.json'), 'utf8').catch(() => '');
  try {
    return datasetSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** @throws UsageError where a folder without a run holds a file that one would overwrite: somebody else's */
async function expectNoOthers(folder: string): Promise<void> {
  if (existsSync(join(folder, 'run.json')) || (await stampedSamplers(folder)).length > 0) return;
  if (await hasOwnRecord(folder)) return;
  const path = (await ownFiles(folder)).find((file) => existsSync(file));
  if (path !== undefined)
    throw new UsageError(
      `expected a run in ${folder}, or nothing that one writes, but found ${path} without a run; name another folder with --out, or move that file.`,
      { path },
    );
}

/** @throws DataError where a folder stands in the place of the file, or the system refuses */
async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: Error) => {
    throw new DataError(
      `expected to remove ${path}, but ${cause.message}; remove it and start again.`,
      { path },
      { cause },
    );
  });
}

/** Folders in which a stage has written: a damaged `run.json` does not say which. */
async function stampedSamplers(folder: string): Promise<string[]> {
  const inside = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  const found: string[] = [];
  for (const { name } of inside.filter((entry) => entry.isDirectory()))
    for (const stage of STAGE_FILES) {
      const path = stageFile(folder, name, stage);
      if (!existsSync(path)) continue;
      const header = await readHeader(path, { after: '' }).catch(() => undefined);
      if (header?.stamp) found.push(name);
    }
  return found;
}

/** Whether there is anything of the run but its settings. */
export const isBegun = (folder: string, { options }: RunSettings): boolean =>
  samplerLabels(options.samplers).some((sampler) =>
    STAGE_FILES.some((stage) => existsSync(stageFile(folder, sampler, stage))),
  );

interface BeginOptions {
  readonly needsData?: boolean;
  readonly fresh?: boolean;
}

/** A run as {@link beginRun} would begin it. */
interface Foreseen {
  readonly settings: RunSettings;
  /** Of the run that is there, where it can be read. */
  readonly known: RunSettings | undefined;
  /** Whether that one goes on. */
  readonly goesOn: boolean;
}

/** What {@link beginRun} would do; nothing is written. @throws as it does */
export async function foresee(
  folder: string,
  settings: RunSettings,
  { needsData = false, fresh = false }: BeginOptions = {},
): Promise<Foreseen> {
  await expectNoOthers(folder);
  const isThere = existsSync(join(folder, 'run.json'));
  const known = isThere ? await openRun(folder).catch(whereFresh(fresh)) : undefined;
  const goesOn = known !== undefined && !fresh && isBegun(folder, known);
  if (goesOn) mustAgree(folder, known, settings);
  else if (!fresh) await expectOwnStages(folder, settings);
  const data = settings.data || known?.data || '';
  if (needsData && !data)
    throw new DataError(`the recipe ${settings.recipe} needs real pictures: name their folder with --data.`);
  return { settings: { ...settings, data }, known, goesOn };
}

/**
 * Begins a run in a folder, or goes on with the one that is there. Until a stage has written something, a folder is not
 * bound to what was asked for first; then only options of stage 2 may differ, and samplers be added.
 *
 * @param options.needsData whether there must be a folder of pictures; the one that was named before does
 * @param options.fresh remove the run that is there, and what one without a `run.json` has left, and start over
 * @returns the settings to go on with; those of a run that is there are written down once its stages are known to agree
 * @throws UsageError when the folder holds a run of another recipe, seed or options, or no run but files of its names;
 *   DataError when no pictures are named. Nothing is changed then
 */
export async function beginRun(
  folder: string,
  asked: RunSettings,
  options: BeginOptions = {},
): Promise<RunSettings> {
  const { settings, known, goesOn } = await foresee(folder, asked, options);
  if (known && goesOn) {
    const isSame = JSON.stringify(known.options) === JSON.stringify(settings.options);
    return { ...settings, command: isSame ? known.command : settings.command };
  }
  const labels = [known, settings].flatMap((run) => (run ? samplerLabels(run.options.samplers) : []));
  if (options.fresh) await clearRun(folder, new Set([...labels, ...(await stampedSamplers(folder))]));
  else await remove(join(folder, 'dataset.json'));
  await writeJson(join(folder, 'run.json'), settings);
  return settings;
}

/** To start over, a run need not be readable. */
const whereFresh =
  (fresh: boolean) =>
  (error: unknown): undefined => {
    if (!fresh || !(error instanceof DataError)) throw error;
  };

/** @throws UsageError where a training of another run is there, without its `run.json` */
async function expectOwnStages(folder: string, settings: RunSettings): Promise<void> {
  for (const sampler of settings.options.samplers.split(','))
    await expectTraining(folder, sampler, await settingParts(settings, sampler));
}

/** @throws DataError when the folder holds no run, or is none, or `run.json` is damaged */
export async function openRun(folder: string): Promise<RunSettings> {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile())
    throw new DataError(
      `expected the folder of a run, but ${folder} is a file; name the folder of the run.`,
      {
        path: folder,
      },
    );
  const path = join(folder, 'run.json');
  const settings = await readJson(path, { schema: settingsSchema, ...remedies(folder).run });
  return { ...settings, options: checkRecipeOptions(settings.options, { of: path }) };
}
