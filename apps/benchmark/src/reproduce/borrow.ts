/** One stage 1 for all runs of an experiment that need the same: which folder has it, and that a run takes it from there. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RunSettings } from '../run-directory.ts';
import { stageFile } from '../stage-file.ts';
import { hasStages, takeStages } from '../take-stages.ts';

/** Folders beside a run's own of the same recipe and seed, by their names. */
export async function lendersOf(folder: string, base: string): Promise<string[]> {
  const names = await readdir(dirname(folder)).catch(() => []);
  const fits = (name: string): boolean => name === base || name.startsWith(`${base}-`);
  return names
    .filter((name) => fits(name) && name !== basename(folder))
    .sort()
    .map((name) => join(dirname(folder), name));
}

/** The folder that has a sampler's stage 1, where the run has none of its own. */
export async function lenderOf(
  { folder, settings }: { folder: string; settings: RunSettings },
  sampler: string,
  lenders: readonly string[],
): Promise<string | undefined> {
  if (existsSync(stageFile(folder, sampler, 'representation'))) return undefined;
  for (const lender of lenders) if (await hasStages(lender, settings, sampler)) return lender;
  return undefined;
}

/** @returns what was taken from where, in sentences */
export async function borrowStages(
  { folder, settings }: { folder: string; settings: RunSettings },
  lenders: readonly string[],
): Promise<string[]> {
  const notes: string[] = [];
  for (const sampler of settings.options.samplers.split(',')) {
    const lender = await lenderOf({ folder, settings }, sampler, lenders);
    if (lender === undefined) continue;
    await takeStages(lender, folder, { settings, sampler });
    notes.push(`${sampler}: stage 1 is that of ${lender}`);
  }
  return notes;
}
