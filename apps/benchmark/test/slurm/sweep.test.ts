/**
 * A sweep on a real Slurm ends as the local one, bit for bit, whatever has ended its tasks. Two cells here, one of them queued
 * again by Slurm; with `pnpm test:slurm` eight in two waves, one killed and one out of time besides.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { cellStatuses } from '../../src/sweep/cell-status.ts';
import { openSweep } from '../../src/sweep/open-sweep.ts';
import { longtail } from '../longtail.ts';
import { cellNumbers } from '../sweep-numbers.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { fileWith, queueOver } from './queue.ts';
import { folderOrSkip } from './skip.ts';

const run = promisify(execFile);
const isLong = process.env.MODE === 'long';

/** What happens to cells of the first array while they are held: by their number. */
const FATES: Readonly<Record<string, 'requeued' | 'killed' | 'late'>> = isLong
  ? { 1: 'requeued', 2: 'killed', 3: 'late' }
  : { 1: 'requeued' };

const grid = {
  recipe: join(import.meta.dirname, '../held-recipe.ts'),
  seeds: isLong ? 4 : 2,
  ...(isLong && { grid: { headEpochs: [3, 2] } }), // one stage 1 for two cells: the second wave
};

interface Work {
  readonly cluster: Cluster;
  readonly folder: string;
  readonly held: string;
}

const logsOf = (folder: string): string =>
  readdirSync(join(folder, 'slurm'))
    .map((name) => readFileSync(join(folder, 'slurm', name), 'utf8'))
    .join('\n');

/** Ends a task that is at work by what is in store for it, and lets it go on. */
async function meet(task: string, fate: string, { cluster: { env }, folder, held }: Work): Promise<void> {
  const [array] = JSON.parse(readFileSync(join(folder, 'slurm.json'), 'utf8')).arrays;
  const { cells } = await openSweep(folder);
  const runFolder = join(folder, 'runs', cells[Number(task)]!.id);
  const log = join(folder, 'slurm', `${array.job}_${task}.log`);
  if (fate !== 'late') await fileWith(join(runFolder, 'dataset.json')); // its training begins
  if (fate === 'requeued') await run('scontrol', ['requeue', `${array.job}_${task}`], { env });
  if (fate === 'killed') {
    const { pid } = JSON.parse(readFileSync(join(runFolder, 'run.lock'), 'utf8'));
    process.kill(pid, 'SIGKILL');
  }
  if (fate === 'late') await fileWith(log, /stopped by SIGUSR1/);
  rmSync(join(held, task));
}

it(`${isLong ? 'eight cells' : 'two cells'} end as without Slurm`, {
  timeout: 1_200_000,
}, async (context) => {
  const root = folderOrSkip(context);
  const at = (name: string): string => join(root, name);
  const [file, held, local, folder] = [at('grid.json'), at('held'), at('local'), at('slurmed')];
  writeFileSync(file, JSON.stringify(grid));
  mkdirSync(held);
  for (const task of Object.keys(FATES)) writeFileSync(join(held, task), '');
  const cluster = await startCluster(root, { cpus: 4, maxArraySize: 6 });
  const env = { ...cluster.env, NODE_COMPILE_CACHE: at('compiled') };
  const args = ['--launcher', 'slurm', '--with', 'time=2', 'signal=75', 'partition=batch'];
  const launched = await longtail(['sweep', file, '--out', folder, ...args], {
    env: { ...env, LONGTAIL_HELD: held },
  });
  expect([launched.code, launched.stderr]).toEqual([0, expect.any(String)]);
  const work = { cluster, folder, held };
  const meetings = Object.entries(FATES).map(([task, fate]) => meet(task, fate, work));
  const alone = longtail(['sweep', file, '--out', local, '--parallel', '1'], { env });
  await Promise.all([...meetings, queueOver(cluster)]);
  const { code, stderr } = await alone;
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const sweep = await openSweep(folder);
  const states = (await cellStatuses(sweep)).map(({ state }) => state);
  expect(states).toEqual(sweep.cells.map(() => 'done'));
  expect(cellNumbers(sweep)).toEqual(cellNumbers(await openSweep(local)));
  const logs = logsOf(folder);
  expect(readFileSync(join(folder, 'table.md'), 'utf8')).toMatch(/held/); // by the last job
  expect(logs).toMatch(/DUE TO JOB REQUEUE/);
  if (isLong) expect(logs).toMatch(/Slurm starts this cell again\.\n(.*\n)?stopped by SIGUSR1/);
  if (isLong)
    expect(readFileSync(join(folder, 'slurm/report.log'), 'utf8')).toMatch(/killed: submitted again/);
});
