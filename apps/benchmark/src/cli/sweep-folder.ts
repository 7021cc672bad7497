/** `longtail sweep status|collect|cancel FOLDER`: of a sweep that has begun, from the folders of its runs. */
import { resolve } from 'node:path';
import { counted, duration } from '@longtail/report/results';
import { Command } from 'commander';
import type { Sweep } from '../sweep/cell.ts';
import type { CellState, CellStatus } from '../sweep/cell-status.ts';
import { reportIn } from './report.ts';
import { print, printJson, tell } from './terminal.ts';

async function openedSweep(folder: string): Promise<Sweep> {
  const { openSweep } = await import('../sweep/open-sweep.ts');
  return openSweep(resolve(folder));
}

const STATES: readonly CellState[] = ['done', 'running', 'waiting', 'failed', 'damaged'];

/** Such as `2 done, 1 running, 5 waiting; about 3 h 12 min left`. */
function summary(statuses: readonly CellStatus[], left: number | undefined): string {
  const counts = STATES.map(
    (state) => [state, statuses.filter((one) => one.state === state).length] as const,
  );
  const running = Math.max(1, counts[1]![1]);
  const eta =
    left === undefined || left === 0
      ? ''
      : `; about ${duration(left / running)} left with ${running} at once`;
  return `${counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')}${eta}`;
}

async function status(folder: string, { json = false }: { json?: boolean }): Promise<void> {
  const sweep = await openedSweep(folder);
  const { cellStatuses } = await import('../sweep/cell-status.ts');
  const { secondsLeft } = await import('../sweep/cell-seconds.ts');
  const { cellFolder, cellTitle } = await import('../sweep/cell.ts');
  const { queueOf } = await import('../sweep/launcher.ts');
  const statuses = await cellStatuses(sweep);
  const places = await queueOf(sweep, { say: tell });
  const left = await secondsLeft(sweep, statuses);
  const rows = statuses.map(({ cell, ...one }) => ({
    index: cell.index,
    id: cell.id,
    ...one,
    title: cellTitle(cell, sweep.cells),
    from: cell.from,
    folder: cellFolder(sweep, cell),
    ...(places.has(cell.index) && { queue: places.get(cell.index) }),
  }));
  if (json) return printJson({ folder: sweep.folder, cells: rows, secondsLeft: left ?? null });
  for (const { index, id, state, trained, title, sentence, queue } of rows) {
    const remark = queue ?? sentence;
    const part = trained > 0 && trained < 1 ? ` ${Math.floor(100 * trained)} %` : '';
    print(
      `${String(index).padStart(4)}  ${id}  ${`${state}${part}`.padEnd(12)}  ${title}${remark ? `: ${remark}` : ''}`,
    );
  }
  print(summary(statuses, left));
}

async function collectIn(
  folder: string,
  { out, json = false }: { out?: string; json?: boolean },
): Promise<void> {
  const sweep = await openedSweep(folder);
  const { collect } = await import('../sweep/collect.ts');
  const to = resolve(out ?? folder);
  const { runs, files, damaged } = await collect(sweep, to);
  for (const sentence of damaged) tell(`left out: ${sentence}`);
  tell(`${counted(runs.length, 'cell', 'cells')} of ${sweep.cells.length} are done`);
  await reportIn(runs, { out: to, json });
  if (!json) print(files.join('\n'));
}

async function cancelIn(folder: string): Promise<void> {
  const { cancel } = await import('../sweep/cancel.ts');
  print((await cancel(await openedSweep(folder), { say: tell })).join('\n'));
}

// Options that `sweep` itself has, too, it takes wherever they stand: optsWithGlobals has them.
const onSweep = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<folder>', 'of the sweep');

export const sweepFolderCommands = (): Command[] => [
  onSweep('status', 'what every cell is at, and how long the others will take; writes nothing')
    .option('--json', 'as one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  longtail sweep status sweeps/rates')
    .action((folder, _, command) => status(folder, command.optsWithGlobals())),
  onSweep('collect', 'one table of the cells that are done, mean and spread over seeds, and their report')
    .option('--out <folder>', "where the files go (default: the sweep's folder)")
    .option('--json', 'the pools as one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  longtail sweep collect sweeps/rates --out compared')
    .action((folder, _, command) => collectIn(folder, command.optsWithGlobals())),
  onSweep('cancel', 'asks all cells to stop; they save, and the same sweep goes on later')
    .addHelpText('after', '\nExample:\n  longtail sweep cancel sweeps/rates')
    .action(cancelIn),
];
