/** What of a run is there already, and can stay. */
import { existsSync } from 'node:fs';
import { remedies } from './remedies.ts';
import { recoverRepresentation } from './representation-file.ts';
import type { RunSettings } from './run-directory.ts';
import type { Stamp } from './run-stamp.ts';
import { type StageFile, stageFile } from './stage-file.ts';
import { outdated } from './stage-stamps.ts';
import type { RunContext, StageName } from './stages.ts';
import { trainingRecord } from './training-state.ts';

/** To the checkpoint before the last, with a note. */
export async function goBackWhereDamaged(
  { folder, onNote }: RunContext,
  { sampler, stamp }: { sampler: string; stamp: Stamp },
): Promise<void> {
  const note = await recoverRepresentation(stageFile(folder, sampler, 'representation'), { stamp });
  if (note) onNote?.(note);
}

/** Whether a stage's files can stay; says why not, where they are there. */
export async function isDone(
  { folder, settings, onNote }: RunContext,
  {
    sampler,
    stage,
    stamp,
    again,
    writes,
  }: { sampler: string; stage: StageName; stamp: Stamp; again: boolean; writes: readonly StageFile[] },
): Promise<boolean> {
  if (stage === 'train') return isTrained(folder, sampler, settings);
  if (again) return false;
  for (const file of writes) {
    const path = stageFile(folder, sampler, file);
    const why = await outdated(path, stamp);
    if (why === undefined) continue;
    if (why) onNote?.(`${path} cannot stay: ${why}; ${stage} is done again.`);
    return false;
  }
  return true;
}

async function isTrained(folder: string, sampler: string, { options }: RunSettings): Promise<boolean> {
  const path = stageFile(folder, sampler, 'representation');
  if (!existsSync(path)) return false;
  const { state } = await trainingRecord(path, remedies(folder).representation);
  return state.epoch >= options.epochs;
}
