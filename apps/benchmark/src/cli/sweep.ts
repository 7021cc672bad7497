/** `longtail sweep FILE`: many runs, from a file of settings, by a launcher. */
import { basename, extname, join, resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { counted } from '@longtail/report/results';
import { Command } from 'commander';
import { findRecipe } from '../recipes.ts';
import { holdRun } from '../run-lock.ts';
import { keptRates } from '../scaled-rate.ts';
import type { Cell } from '../sweep/cell.ts';
import { findLauncher, launcherNames, launchSettings } from '../sweep/launcher.ts';
import { saveEveryOption } from './run.ts';
import { runCellCommand } from './sweep-cell.ts';
import { sweepFolderCommands } from './sweep-folder.ts';
import { relaunchCommand } from './sweep-relaunch.ts';
import { print, tell } from './terminal.ts';

interface SweepFlags {
  readonly launcher: string;
  readonly out?: string;
  readonly with: string[];
  readonly parallel?: string;
  readonly saveEvery?: string;
  readonly dryRun?: boolean;
  readonly measure?: boolean;
  readonly json?: boolean;
}

function parallelOf(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,5}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--parallel takes an integer above 0, but got "${text}".`);
}

async function sweepOf(
  path: string,
  { launcher: name, out, with: given, saveEvery, ...flags }: SweepFlags,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const folder = resolve(out ?? join('sweeps', basename(path, extname(path))));
  const launcher = await findLauncher(name);
  const settings = launchSettings(given, launcher, { launcher: name });
  const parallel = parallelOf(flags.parallel);
  const { readSweepFile } = await import('../sweep/read-sweep-file.ts');
  const { checkedCells } = await import('../sweep/checked-cells.ts');
  const { beginSweep, knownCells } = await import('../sweep/open-sweep.ts');
  const cells = await checkedCells(await readSweepFile(path), { known: await knownCells(folder) });
  for (const warning of await warningsOf(cells)) tell(warning);
  if (flags.dryRun) {
    const { sweepDryRun } = await import('./sweep-dry-run.ts');
    return sweepDryRun(folder, cells, { signal, measure: flags.measure ?? false, json: flags.json ?? false });
  }
  const release = await holdRun(folder);
  try {
    const sweep = await beginSweep(folder, cells, { from: path });
    const { cellStatuses } = await import('../sweep/cell-status.ts');
    const statuses = await cellStatuses(sweep);
    const todo = statuses.filter(({ state }) => state === 'waiting' || state === 'failed');
    const damaged = statuses.filter(({ state }) => state === 'damaged');
    tell(
      `${folder}: ${counted(cells.length, 'cell', 'cells')}, ${cells.length - todo.length - damaged.length} of them done or at work`,
    );
    for (const { cell, sentence } of damaged) tell(`cell ${cell.id} is not started: ${sentence}`);
    const say = tell;
    const start = todo.map(({ cell }) => cell);
    print(
      start.length === 0
        ? `nothing is left to start; next: longtail sweep status ${folder}`
        : await launcher.launch(sweep, start, { signal, settings, say, parallel, saveEvery }),
    );
    if (damaged.length > 0)
      throw new DataError(
        `expected ${counted(cells.length, 'cell', 'cells')} to begin, but ${damaged.length} of them cannot be read; do with each what is said above.`,
      );
  } finally {
    release();
  }
}

/** Of all cells, each once. */
async function warningsOf(cells: readonly Cell[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { settings } of cells)
    for (const warning of keptRates(await findRecipe(settings.recipe), settings.options)) found.add(warning);
  return found;
}

export const sweepCommand = (context: { signal: AbortSignal }): Command =>
  [...sweepFolderCommands(), runCellCommand(context), relaunchCommand()].reduce(
    (so, command) => so.addCommand(command),
    bare(context),
  );

const bare = (context: { signal: AbortSignal }): Command =>
  new Command('sweep')
    .description(
      'many runs: a grid or list of settings times seeds, from a file; goes on where it was stopped',
    )
    .argument('<file>', 'YAML or JSON: recipe, seeds, set, grid, list')
    .option('--launcher <name>', `what runs the cells: ${launcherNames.join(', ')}`, 'local')
    .option('--out <folder>', "where the runs go (default: sweeps/ and the file's name)")
    .option('--parallel <count>', 'cells at once (default: as many as GPUs, or cores, and memory allow)')
    .option('--with <key=value...>', 'what the launcher is told', [])
    .addOption(saveEveryOption())
    .option('--dry-run', 'how many runs, GPU hours and disk; writes nothing')
    .option('--measure', 'with --dry-run: try every stage here, even where the recipe states its cost')
    .option('--json', 'with --dry-run: as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail sweep rates.yaml --dry-run\n  longtail sweep rates.yaml --out sweeps/rates',
    )
    .action((file: string, flags: SweepFlags) => sweepOf(file, flags, context));
