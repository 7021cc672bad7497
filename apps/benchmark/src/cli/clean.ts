/** `longtail clean RUN`: what may go; with `--yes` it goes. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError } from '@longtail/core';
import { size } from '@longtail/report/results';
import { Command } from 'commander';
import { openRun } from '../run-directory.ts';
import { holdRun, runHolder } from '../run-lock.ts';
import { print, printJson } from './terminal.ts';

interface CleanFlags {
  readonly yes?: boolean;
  readonly features?: boolean;
  readonly json?: boolean;
}

async function clean(
  run: string,
  { yes = false, features = false, json = false }: CleanFlags,
): Promise<void> {
  const folder = resolve(run);
  await openRun(folder); // before anything is made there
  const holder = await runHolder(folder);
  if (holder)
    throw new DataError(
      `expected a run that no process is at work in, but ${folder} is in use by process ${holder.pid} on ${holder.host} since ${holder.since}; wait for its end, or end it.`,
      { folder, ...holder },
    );
  if (yes) await holdRun(folder);
  const { removable } = await import('../clean-run.ts'); // with tfjs
  const files = await removable(folder, { features });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (yes) for (const { path } of files) await rm(path, { force: true });
  if (json) return printJson({ folder, files, bytes, removed: yes });
  for (const { path, bytes: one, why } of files) print(`${size(one).padStart(8)}  ${path}: ${why}`);
  if (files.length === 0) print('nothing may go: all else is needed to resume or to report.');
  else if (yes) print(`removed: ${size(bytes)} are free again.`);
  else print(`${size(bytes)} would be free; nothing is removed without --yes.`);
}

export const cleanCommand = (): Command =>
  new Command('clean')
    .description('what of a run may go, and how much that frees; removed with --yes alone')
    .argument('<run>', 'the folder of a run')
    .option('--yes', 'remove it')
    .option('--features', 'features, too, where classifiers are there: classify would extract them again')
    .option('--json', 'as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail clean runs/demo-seed-0\n  longtail clean runs/demo-seed-0 --features --yes',
    )
    .action(clean);
