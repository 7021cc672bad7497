/** What computes, as an option of commands; and a stage of a run by it. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { holdRun } from '../run-lock.ts';
import type { carryOutIn, EngineFlags } from './context.ts';
import { beginSteadily, join } from './join.ts';
import { print } from './terminal.ts';

const engineOptions = (): Option[] => [
  new Option('--backend <name>', 'what computes; auto: torch, or wasm where torch cannot be had')
    .choices(['auto', 'torch', 'tensorflow', 'wasm'])
    .default('auto'),
  new Option('--device <name>', 'where; auto: a CUDA GPU that answers, if a library for it is installed')
    .choices(['auto', 'cpu', 'gpu'])
    .default('auto'),
  new Option('--autocast <type>', 'convolutions and matrix products in this type (torch)').choices([
    'bfloat16',
  ]),
];

/** With `--backend`, `--device` and `--autocast`. */
export const withEngine = (command: Command): Command =>
  engineOptions().reduce((so, option) => so.addOption(option), command);

export const syncBnOption = (): Option =>
  new Option(
    '--sync-bn',
    'of several processes: batch norms see the whole batch, instead of the part of each',
  );

export const carryOutLazily: typeof carryOutIn = async (...args) =>
  (await import('./context.ts')).carryOutIn(...args);

/** A stage once more on the folder of a run, and what comes next. */
export async function carryOutAgain(
  run: string,
  stage: 'extract' | 'classify',
  { engine, signal, next }: { engine: EngineFlags; signal: AbortSignal; next: string },
): Promise<void> {
  const folder = resolve(run);
  await beginSteadily();
  const ranks = await join(signal);
  await ranks.first(async () => void (await holdRun(folder)));
  await carryOutLazily(folder, [stage], { engine, ranks, again: true });
  print(`done; next: longtail ${next} ${run}`);
}
