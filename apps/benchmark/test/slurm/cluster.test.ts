/** The cluster that the tests of sweeps run on: jobs in it, and nothing of it left, whatever ends who started it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startCluster } from './cluster.ts';
import { processesOf } from './processes.ts';
import { folderOrSkip } from './skip.ts';

const run = promisify(execFile);

const countOf = (folder: string): [daemons: number, jobs: number] => {
  const { daemons, jobs } = processesOf(join(folder, 'slurm.conf'));
  return [daemons.length, jobs.length];
};

it('carries out a job, and is gone with its jobs when it is stopped', async (context) => {
  const folder = folderOrSkip(context);
  const { env, stop } = await startCluster(folder, { cpus: 2 });
  await run('sbatch', ['--wait', '-o', '/dev/null', '--wrap', `touch ${folder}/done`], { env });
  expect(existsSync(join(folder, 'done'))).toBe(true);
  await run('sbatch', ['-o', '/dev/null', '--wrap', `touch ${folder}/begun; sleep 1000`], { env });
  while (!existsSync(join(folder, 'begun'))) await setTimeout(50);
  await expect.poll(() => countOf(folder), { timeout: 20_000 }).toEqual([4, 3]); // of the job: its step daemon, its shell, sleep
  await stop();
  expect(countOf(folder)).toEqual([0, 0]);
});

it('is gone when the process that started it is killed', async (context) => {
  const folder = folderOrSkip(context);
  const module = JSON.stringify(join(import.meta.dirname, 'cluster.ts'));
  const program = `const { startCluster } = await import(${module});
    await startCluster(${JSON.stringify(folder)});
    console.log('started');
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(starter.stdout, 'data');
  expect(countOf(folder)).toEqual([4, 0]);
  starter.kill('SIGKILL');
  await expect.poll(() => countOf(folder), { timeout: 20_000 }).toEqual([0, 0]);
});
