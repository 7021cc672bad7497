/** What of a run may go: nothing that it needs to go on, to be scored or to be reported. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeState } from './representation-file.ts';
import { retrainedFiles } from './retrained-file.ts';
import { type RunStatus, runStatus } from './run-status.ts';
import { previousOf, stageFile } from './stage-file.ts';

export interface Removable {
  readonly path: string;
  readonly bytes: number;
  readonly why: string;
}

/** What a process that was killed leaves of a file that it was writing. */
const LEFTOVER = /\.\d+(\.\d+\.\d+)?\.(tmp|stale)$/;

/**
 * @param folder of a run that no process is at work in
 * @param options.features whether the features may go as well, of samplers whose classifiers are there: another `classify`
 *   would have to extract them again
 * @throws DataError when the folder holds no run
 */
export async function removable(
  folder: string,
  { features = false }: { features?: boolean } = {},
): Promise<Removable[]> {
  const status = await runStatus(folder);
  const found = [...(await leftovers(status)), ...(await checkpointsBefore(status))];
  return features ? [...found, ...(await featuresOf(status))] : found;
}

async function leftovers({ folder, samplers }: RunStatus): Promise<Removable[]> {
  const folders = [
    '',
    'figures',
    'cards',
    ...samplers.flatMap(({ sampler }) => [sampler, join(sampler, 'passes/live')]),
  ];
  const found: Removable[][] = [];
  for (const inside of folders.map((name) => join(folder, name)))
    for (const name of await readdir(inside).catch(() => []))
      if (LEFTOVER.test(name)) found.push(await sized(join(inside, name), 'a write that was cut short'));
  return found.flat();
}

/** Of trainings that are over, and whole to the last bit. */
async function checkpointsBefore({ folder, samplers }: RunStatus): Promise<Removable[]> {
  const why = 'the checkpoint before the last, of a training that is over';
  const found: Removable[][] = [];
  for (const { sampler, train, classify } of samplers) {
    const over = [
      ...(train === 'done' ? [stageFile(folder, sampler, 'representation')] : []),
      ...(classify === 'done' ? retrainedFiles(folder, sampler).filter((path) => existsSync(path)) : []),
    ];
    for (const path of over) if (await wholeState(path)) found.push(await sized(previousOf(path), why));
  }
  return found.flat();
}

async function featuresOf({ folder, samplers }: RunStatus): Promise<Removable[]> {
  const done = samplers.filter(({ extract, classify }) => extract === 'done' && classify === 'done');
  const all = done.map(({ sampler }) =>
    sized(stageFile(folder, sampler, 'features'), 'features, whose classifiers are there'),
  );
  return (await Promise.all(all)).flat();
}

/** None where it is not there; of a second name for a file that stays nothing is freed. */
async function sized(path: string, why: string): Promise<Removable[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return [];
  return [{ path, bytes: found.nlink > 1 ? 0 : found.size, why }];
}
