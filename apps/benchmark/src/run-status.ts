/** What a run is at, from its files alone: no engine, no pictures, and nothing is written. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { readResults } from './read-results.ts';
import { optionsOf } from './recipe-options.ts';
import { remedies } from './remedies.ts';
import { retrainedFile } from './retrained-file.ts';
import { type RetrainedName, retrainedNames } from './retrained-parts.ts';
import { openRun, type RunSettings } from './run-directory.ts';
import { runHolder } from './run-lock.ts';
import { differences, type Stamp, versionParts } from './run-stamp.ts';
import { samplerLabel, samplerLabels } from './samplers.ts';
import { readHeader, type StageFile, stageFile } from './stage-file.ts';
import { outdated, settingParts } from './stage-stamps.ts';
import { asWord } from './sweep/longtail-command.ts';
import { trainingRecord } from './training-state.ts';

/** `outdated`: of other settings, or of what was there before; `begun`: of a training alone. */
export type StageState = 'missing' | 'begun' | 'done' | 'outdated' | 'damaged';

export interface SamplerStatus {
  readonly sampler: string;
  readonly train: StageState;
  /** Whether an earlier version trained it, whose numbers are others: it can be read, but not gone on with. */
  readonly isOlder: boolean;
  /** Whole ones. */
  readonly epoch: number;
  /** Pictures of the next one that are done. */
  readonly pictures: number;
  readonly extract: StageState;
  /** Of the networks that stage 2 trains once more: whole epochs of each, and pictures of the next one. */
  readonly retrained: readonly {
    readonly name: RetrainedName;
    readonly epoch: number;
    readonly pictures: number;
  }[];
  readonly classify: StageState;
  /** Of the sampler's folder. */
  readonly bytes: number;
}

export interface RunStatus {
  readonly folder: string;
  readonly settings: RunSettings;
  /** Which process is at work. */
  readonly running?: { readonly pid: number; readonly host: string; readonly since: string };
  readonly samplers: readonly SamplerStatus[];
  /** Whether results.json is of the classifiers that are there. */
  readonly scored: boolean;
  readonly reported: boolean;
  readonly bytes: number;
  /** The command that comes next; absent while a process is at work. */
  readonly next?: string;
}

/** @throws DataError when the folder holds no run, or its run.json is damaged */
export async function runStatus(folder: string): Promise<RunStatus> {
  const settings = await openRun(folder);
  const running = await runHolder(folder);
  const samplers: SamplerStatus[] = [];
  for (const name of settings.options.samplers.split(','))
    samplers.push(await samplerStatus(folder, name, settings));
  const isDone = samplers.every(({ classify }) => classify === 'done');
  const scored = isDone && (await isScored(folder, settings));
  const reported = scored && existsSync(join(folder, 'report.html'));
  return {
    folder,
    settings,
    ...(running && { running: { pid: running.pid, host: running.host, since: running.since } }),
    samplers,
    scored,
    reported,
    bytes: await bytesOf(folder),
    ...(!running && { next: `longtail ${reported ? 'report' : 'resume'} ${asWord(folder)}` }),
  };
}

/** By the classifiers that are there, of every sampler. */
async function isScored(folder: string, { options }: RunSettings): Promise<boolean> {
  try {
    const { stamps } = await readResults(folder);
    return samplerLabels(options.samplers).every((sampler) => Object.hasOwn(stamps, sampler));
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

async function samplerStatus(folder: string, name: string, settings: RunSettings): Promise<SamplerStatus> {
  const at = (file: StageFile): string => stageFile(folder, name, file);
  const { train, epoch, pictures, stamp } = await trainStatus(at('representation'), folder, settings, name);
  const features = stamp ? await stateOf(at('features'), { train: stamp.train }) : 'missing';
  const extracted = features === 'done' ? (await readHeader(at('features'), { after: '' })).stamp : undefined;
  const asked = stamp && {
    train: stamp.train,
    ...(extracted?.extract && { extract: extracted.extract }),
    classify: optionsOf('classify', settings.options) as Stamp['train'],
  };
  const heads = asked ? await stateOf(at('classifiers'), asked) : 'missing';
  const classes = asked ? await stateOf(at('predictions'), asked) : 'missing';
  return {
    sampler: samplerLabel(name),
    train,
    isOlder: stamp !== undefined && differences(stamp.train, versionParts).length > 0,
    epoch,
    pictures,
    extract: features,
    retrained: await retrainedStatus(folder, name, settings),
    classify: heads === 'done' ? classes : heads,
    bytes: await bytesOf(join(folder, samplerLabel(name))),
  };
}

async function trainStatus(
  path: string,
  folder: string,
  settings: RunSettings,
  name: string,
): Promise<Pick<SamplerStatus, 'train' | 'epoch' | 'pictures'> & { stamp?: Stamp }> {
  const none = { epoch: 0, pictures: 0 };
  if (!existsSync(path)) return { train: 'missing', ...none };
  try {
    const { state, header } = await trainingRecord(path, remedies(folder).representation);
    const { stamp } = header;
    const so = { epoch: state.epoch, pictures: state.seen };
    if (differences(stamp?.train, await settingParts(settings, name)).length > 0)
      return { train: 'outdated', ...so };
    if (state.epoch < settings.options.epochs) return { train: 'begun', ...so };
    return { train: 'done', ...so, stamp: stamp! };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { train: 'damaged', ...none };
  }
}

/** One that is missing or damaged is at its beginning. */
async function retrainedStatus(
  folder: string,
  sampler: string,
  { options }: RunSettings,
): Promise<SamplerStatus['retrained']> {
  const all: SamplerStatus['retrained'][number][] = [];
  for (const name of retrainedNames(options)) {
    const path = retrainedFile(folder, sampler, name);
    const record = await trainingRecord(path, remedies(folder).representation).catch((error: unknown) => {
      if (!(error instanceof DataError)) throw error;
    });
    all.push({ name, epoch: record?.state.epoch ?? 0, pictures: record?.state.seen ?? 0 });
  }
  return all;
}

async function stateOf(path: string, asked: Stamp): Promise<StageState> {
  const why = await outdated(path, asked);
  if (why === undefined) return 'done';
  if (why === '') return 'missing';
  return why === 'the file is damaged' ? 'damaged' : 'outdated';
}

/** Of every file below the folder; 0 where it is not there. */
async function bytesOf(folder: string): Promise<number> {
  const inside = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = inside
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0, // gone since
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
