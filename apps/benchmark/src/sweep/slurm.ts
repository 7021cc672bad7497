/**
 * Cells as tasks of Slurm's job arrays. A task that is preempted or out of time saves, and is queued again under its number; the
 * arrays of the next wave wait for those before, and a last job for all of them: it submits again what was killed, else collects.
 */

import { join } from 'node:path';
import { makeFolder } from '@longtail/core/make-folder';
import { counted } from '@longtail/report/results';
import { maxArraySize, slurm, type Task, tasksOf } from '../slurm/commands.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import { recordFailure } from './cell-failure.ts';
import type { CellStatus } from './cell-status.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { longtailCommand } from './longtail-command.ts';
import { arraysOf, arrayText, cellScript, reportScript } from './slurm/arrays.ts';
import { readRecord, type SlurmRecord, writeRecord } from './slurm/record.ts';
import { SLURM_SETTINGS, sbatchOptions } from './slurm/settings.ts';

/** Times that the last job submits killed cells again, after which they have failed. */
const ROUNDS = 3;

const EMPTY = { arrays: [], reports: [], rounds: 0, settings: {} };

/** By the number of a cell: what Slurm says of its task. Later arrays have the last word. */
function byCell(tasks: readonly Task[], { arrays }: Pick<SlurmRecord, 'arrays'>): Map<number, Task> {
  const offsets = new Map(arrays.map(({ job, offset }) => [job, offset]));
  return new Map(
    tasks.flatMap((one) => {
      const offset = offsets.get(one.job);
      return offset === undefined || one.task === undefined ? [] : [[offset + one.task, one] as const];
    }),
  );
}

const jobsOf = ({ arrays }: Pick<SlurmRecord, 'arrays'>): string[] => arrays.map(({ job }) => job);

/** Submits cells that no job is for, and the report behind all jobs of the sweep. */
async function submit(sweep: Sweep, cells: readonly Cell[], record: SlurmRecord): Promise<SlurmRecord> {
  const { settings, parallel, saveEvery } = record;
  const logs = join(sweep.folder, 'slurm');
  await makeFolder(logs);
  const how = { command: longtailCommand(settings), folder: sweep.folder };
  const sbatch = (args: readonly string[], input: string): Promise<string> =>
    slurm('sbatch', ['--parsable', '--open-mode=append', ...args], { input }).then(
      (text) => text.split(';')[0]!,
    );
  const alive = [...new Set((await tasksOf(jobsOf(record))).map(({ job }) => job))];
  const after = (jobs: readonly string[]): string[] =>
    jobs.length > 0 ? [`--dependency=afterany:${jobs.join(':')}`] : [];
  const submitted: { job: string; wave: number }[] = [];
  let now = record;
  const name = `--job-name=longtail-sweep`;
  for (const array of arraysOf(cells, { size: await maxArraySize() })) {
    const before = submitted.filter(({ wave }) => wave < array.wave).map(({ job }) => job);
    // A limit holds for one array: of several, one goes after the other.
    const last = parallel === undefined ? [] : submitted.slice(-1).map(({ job }) => job);
    const waits = array.wave > 0 ? [...alive, ...before, ...last] : last;
    const args = [
      `--array=${arrayText(array.tasks, { parallel })}`,
      '--requeue',
      `--output=${join(logs, '%A_%a.log')}`,
      ...[name, ...after([...new Set(waits)]), ...sbatchOptions(settings, { of: 'task' })],
    ];
    const job = await sbatch(args, cellScript(array, { ...how, saveEvery }));
    submitted.push({ job, wave: array.wave });
    now = { ...now, arrays: [...now.arrays, { job, offset: array.offset }] };
    await writeRecord(sweep, now); // what is submitted can be cancelled, whatever comes next
  }
  const all = [...new Set([...alive, ...submitted.map(({ job }) => job)])];
  const args = [`--output=${join(logs, 'report.log')}`, name, ...after(all)];
  const report = await sbatch([...args, ...sbatchOptions(settings, { of: 'report' })], reportScript(how));
  now = { ...now, reports: [...now.reports, report] };
  await writeRecord(sweep, now);
  return now;
}

async function launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string> {
  const { settings, parallel, saveEvery } = options;
  const record = (await readRecord(sweep)) ?? EMPTY;
  const queued = byCell(await tasksOf(jobsOf(record)), record);
  const todo = cells.filter(({ index }) => !queued.has(index));
  const next = `next: longtail sweep status ${sweep.folder}`;
  if (todo.length === 0)
    return `${counted(queued.size, 'cell is', 'cells are')} in Slurm's queue already; ${next}`;
  const reports = await tasksOf(record.reports);
  if (reports.length > 0)
    await slurm(
      'scancel',
      reports.map(({ job }) => job),
    );
  const { arrays, reports: all } = await submit(sweep, todo, {
    ...{ ...record, settings, parallel, saveEvery, rounds: 0 },
  });
  const jobs = arrays.slice(record.arrays.length).map(({ job }) => job);
  return `submitted ${counted(todo.length, 'cell', 'cells')} as ${jobs.join(', ')}, and the table as ${all.at(-1)}; ${next}`;
}

/**
 * In the job behind all others: submits again the cells that ended without a word, by SIGKILL for instance, and itself behind them.
 *
 * @returns how many; 0 where all are done, have failed, or were cancelled
 */
export async function relaunch(
  sweep: Sweep,
  statuses: readonly CellStatus[],
  { say }: Pick<LaunchOptions, 'say'>,
): Promise<number> {
  const record = await readRecord(sweep);
  if (!record) return 0;
  const jobs = jobsOf(record);
  const queued = byCell(await tasksOf(jobs), record);
  const cancelled = byCell(await tasksOf(jobs, { states: 'CANCELLED' }), record);
  const failed = new Set(statuses.filter(({ state }) => state === 'failed').map(({ cell }) => cell.id));
  const dead = statuses
    .filter(({ state, cell }) => state === 'waiting' && !queued.has(cell.index) && !cancelled.has(cell.index))
    .map(({ cell }) => cell)
    .filter(({ from }) => !Object.values(from).some((maker) => failed.has(maker)));
  if (dead.length === 0) return 0;
  if (record.rounds >= ROUNDS) {
    const sentence = `ended ${ROUNDS + 1} times without a word, as for want of memory; the logs in ${join(sweep.folder, 'slurm')} may say more.`;
    for (const cell of dead) await recordFailure(cellFolder(sweep, cell), sentence);
    return 0;
  }
  say(`${counted(dead.length, 'cell was', 'cells were')} killed: submitted again`);
  await submit(sweep, dead, { ...record, rounds: record.rounds + 1 });
  return dead.length;
}

async function cancel(sweep: Sweep): Promise<string | undefined> {
  const record = await readRecord(sweep);
  if (!record) return undefined;
  // The report first, or it would find the cells killed.
  const found = await tasksOf([...record.reports, ...jobsOf(record)]);
  const jobs = [...record.reports, ...jobsOf(record)].filter((job) => found.some((one) => one.job === job));
  if (jobs.length > 0) await slurm('scancel', jobs);
  return jobs.length > 0 ? `cancelled in Slurm: ${jobs.join(', ')}` : undefined;
}

async function queue(sweep: Sweep): Promise<ReadonlyMap<number, string>> {
  const record = await readRecord(sweep);
  if (!record) return new Map();
  const tasks = byCell(await tasksOf(jobsOf(record)), record);
  return new Map(
    [...tasks].map(([index, { job, task, state, reason }]) => {
      const why = reason === 'None' ? '' : `, ${reason}`;
      return [index, `${job}_${task} ${state}${why}`];
    }),
  );
}

export const slurmLauncher: Launcher = { settings: SLURM_SETTINGS, launch, queue, cancel };
