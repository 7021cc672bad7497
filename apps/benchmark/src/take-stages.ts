/**
 * Stage 1 and features that another run has made already. They are taken by a second name for the same file, or copied where
 * the file system has no such names. Every file of a run is written beside its place and renamed, so that what either run does
 * later leaves the other's file as it was.
 */
import { existsSync } from 'node:fs';
import { copyFile, link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '@longtail/core';
import { makeFolder } from '@longtail/core/make-folder';
import { remedies } from './remedies.ts';
import type { RunSettings } from './run-directory.ts';
import { differences, versionParts } from './run-stamp.ts';
import { type StageFile, stageFile } from './stage-file.ts';
import { outdated, settingParts } from './stage-stamps.ts';
import { trainingRecord } from './training-state.ts';

/**
 * Whether a run has what another one needs of a sampler: a representation of the same settings, trained to its end, and its
 * features, or classifiers that were made of such.
 *
 * @param from folder of the run that has it
 * @param settings of the run that needs it
 */
export async function hasStages(from: string, settings: RunSettings, sampler: string): Promise<boolean> {
  const at = (file: StageFile): string => stageFile(from, sampler, file);
  const after = (['features', 'predictions'] as const).map(at).find((path) => existsSync(path));
  if (!existsSync(at('representation')) || after === undefined) return false;
  try {
    const { state, header } = await trainingRecord(at('representation'), remedies(from).representation);
    const asked = { ...(await settingParts(settings, sampler)), ...versionParts };
    const isOther = differences(header.stamp?.train, asked).length > 0;
    if (isOther || state.epoch < settings.options.epochs) return false;
    return (await outdated(after, { train: header.stamp!.train })) === undefined;
  } catch (error) {
    if (error instanceof DataError) return false; // damaged: its own run says so
    throw error;
  }
}

/**
 * Takes a sampler's representation and features, where the run has no representation of its own.
 *
 * @returns whether the run has them now, or goes on with its own
 * @throws the system's error
 * @example
 * await takeStages('runs/a', 'runs/b', { settings, sampler: 'instance-balanced' });
 */
export async function takeStages(
  from: string,
  to: string,
  { settings, sampler }: { settings: RunSettings; sampler: string },
): Promise<boolean> {
  if (existsSync(stageFile(to, sampler, 'representation'))) return true;
  if (!(await hasStages(from, settings, sampler))) return false;
  // The representation last: without it, the features are nobody's.
  for (const file of ['features', 'representation'] as const)
    if (existsSync(stageFile(from, sampler, file)))
      await secondName(stageFile(from, sampler, file), stageFile(to, sampler, file));
  return true;
}

async function secondName(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}.tmp`;
  await makeFolder(dirname(to));
  await rm(temporary, { force: true });
  try {
    await link(from, temporary).catch(() => copyFile(from, temporary));
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true }); // where both are the same file, a rename leaves both
  }
}
