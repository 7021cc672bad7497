/** A run of the recipe that interrupts itself, by the real command, and all numbers that it leaves. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '@longtail/formats';
import type { Results } from '../src/results.ts';
import type { Interruption } from './interrupted-recipe.ts';
import { CLI } from './longtail.ts';

const RECIPE = join(import.meta.dirname, 'interrupted-recipe.ts');

export const argsOf = (folder: string): string[] => [
  'run',
  RECIPE,
  '--out',
  folder,
  '--save-every',
  '2steps',
  '--set',
  'retrain=whole',
];

export const stageOf = (folder: string, stage: string): string =>
  join(folder, 'instance-balanced', `${stage}.safetensors`);

export const interrupted = (
  folder: string,
  moment: Interruption,
  more: readonly string[] = [],
): Promise<{ code: unknown; signal: unknown; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LONGTAIL_INTERRUPT: JSON.stringify(moment) };
    execFile(process.execPath, [CLI, ...argsOf(folder), ...more], { env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stderr }),
    );
  });

/** Every bit of every array, the rows and the history; what it took is no number of a run. */
export function numbersOf(
  folder: string,
  {
    stages = ['representation', 'features', 'retrained-whole', 'classifiers', 'predictions'],
  }: { stages?: readonly string[] } = {},
): object {
  const arrays = stages.map((stage) => {
    const { arrays } = decodeSafetensors(readFileSync(stageOf(folder, stage)));
    return [...arrays].map(([name, { data }]) => [
      name,
      Buffer.from((data as Float32Array).slice().buffer).toString('base64'),
    ]);
  });
  const { rows, history = [] }: Results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  return { arrays, rows, history: history.map((epoch) => ({ ...epoch, seconds: 0 })) };
}
