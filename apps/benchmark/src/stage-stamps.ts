/** The stamp that each stage's file must have, from what is asked for and from what it reads; and whether it has it. */
import { existsSync } from 'node:fs';
import { DataError, UsageError } from '@longtail/core';
import type { Fingerprints } from './data-fingerprint.ts';
import { wantsPictures } from './head-features.ts';
import { isOptionName, optionsOf } from './recipe-options.ts';
import { remedies } from './remedies.ts';
import type { EngineName } from './results.ts';
import type { RunSettings } from './run-directory.ts';
import {
  differences,
  engineParts,
  fileIdentity,
  identity,
  isOfContent,
  isSamePart,
  type Parts,
  type Stamp,
} from './run-stamp.ts';
import { readHeader, stageFile } from './stage-file.ts';

export interface Asked {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly engine: EngineName;
  /** Of the pictures, which are opened only if a stage wants them. */
  readonly prints: () => Promise<Fingerprints>;
}

/** What of a training is known without its pictures and engine; without a module that is no more. */
export async function settingParts({ recipe, seed, options }: RunSettings, sampler: string): Promise<Parts> {
  const { loss, pretrained } = options;
  const named = { recipe, sampler, loss, pretrained };
  const parts: Record<string, string | number | boolean> = { seed, ...optionsOf('train', options) };
  for (const [key, name] of Object.entries(named)) {
    const found = await (key === 'pretrained' ? fileIdentity : identity)(name);
    if (found === undefined) delete parts[key];
    else parts[key] = found;
  }
  return parts;
}

/** Whatever is in the folder. */
export async function askedTraining({ settings, engine, prints }: Asked, sampler: string): Promise<Stamp> {
  const pictures = (await prints()).train;
  return { train: { ...(await settingParts(settings, sampler)), pictures, ...engineParts(engine) } };
}

/** @throws UsageError when the training in the folder is of something else */
export async function trainStamp(asked: Asked, sampler: string): Promise<Stamp> {
  const stamp = await askedTraining(asked, sampler);
  await expectTraining(asked.folder, sampler, stamp.train);
  return stamp;
}

/** Features may be another engine's than their representation. @throws UsageError, DataError as {@link trainStamp} */
export async function extractStamp(
  { folder, settings, engine, prints }: Asked,
  sampler: string,
): Promise<Stamp> {
  const { train: pictures, ...others } = await prints();
  const asked = { ...(await settingParts(settings, sampler)), pictures };
  const { train } = await expectTraining(folder, sampler, asked, { mustBe: true });
  return { train: train!, extract: { ...others, ...engineParts(engine) } };
}

/** @throws UsageError, DataError when features or representation are missing or of something else */
export async function classifyStamp(
  { folder, settings, engine, prints }: Asked,
  sampler: string,
): Promise<Stamp> {
  const pictures = wantsPictures(settings.options) && { pictures: (await prints()).train };
  const asked = { ...(await settingParts(settings, sampler)), ...pictures };
  const { train } = await expectTraining(folder, sampler, asked, { mustBe: true });
  const path = stageFile(folder, sampler, 'features');
  const { stamp } = await readHeader(path, remedies(folder).features);
  const found = differences(stamp?.train, train!);
  if (!stamp?.extract || found.length > 0)
    throw new DataError(
      `expected features of the representation beside it in ${path}, but ${found[0] ?? 'it has no stamp'}; run "longtail extract ${folder}" before.`,
      { path },
    );
  const classify = { ...optionsOf('classify', settings.options), ...engineParts(engine) };
  return { train: stamp.train, extract: stamp.extract, classify };
}

/**
 * @param options.mustBe whether there must be one
 * @returns its stamp, where there is one
 * @throws UsageError when the representation in the folder is of other settings, naming what would go on with it
 */
export async function expectTraining(
  folder: string,
  sampler: string,
  asked: Parts,
  { mustBe = false }: { mustBe?: boolean } = {},
): Promise<Partial<Stamp>> {
  const path = stageFile(folder, sampler, 'representation');
  if (!mustBe && !existsSync(path)) return {};
  const { stamp } = await readHeader(path, remedies(folder).representation);
  const found = differences(stamp?.train, asked);
  if (found.length === 0) return stamp!;
  const differing = Object.keys(asked).filter((key) => !isSamePart(stamp?.train, key, asked[key]));
  const flags = stamp && flagsOf(stamp.train, differing);
  throw new UsageError(
    `${path} is of another run: ${found.join('; ')}. ${flags ? `Ask for ${flags}` : 'Give what it is of'}, name another folder with --out, or start over with --fresh.`,
    { path, differing },
  );
}

/** What must be asked for to go on with what is there; undefined where no flag does it. */
function flagsOf(there: Parts, keys: readonly string[]): string | undefined {
  const flags = keys.map((key) => {
    const value = there[key];
    if (value === undefined || isOfContent(value)) return undefined;
    if (isOptionName(key)) return `--set ${key}=${value}`;
    if (key === 'autocast' && value === 'none') return 'no --autocast';
    return ['seed', 'backend', 'device', 'autocast'].includes(key) ? `--${key} ${value}` : undefined;
  });
  return flags.includes(undefined) ? undefined : flags.join(' ');
}

/**
 * Why a file of a stage cannot stay as it is: '' where it is not there, undefined where it can.
 *
 * @example
 * await outdated(path, stamp); // 'headEpochs 10 there, 2 asked for'
 */
export async function outdated(path: string, stamp: Stamp): Promise<string | undefined> {
  if (!existsSync(path)) return '';
  let there: Stamp | undefined;
  try {
    there = (await readHeader(path, { after: '' })).stamp;
  } catch {
    return 'the file is damaged';
  }
  const found = (['train', 'extract', 'classify'] as const).flatMap((stage) =>
    stamp[stage] ? differences(there?.[stage], stamp[stage]) : [],
  );
  return found.length > 0 ? found.join('; ') : undefined;
}
