/** A run whose lock is of another machine is free once Slurm says that the job which holds it is over. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { holdRun, runHolder } from '../../src/run-lock.ts';
import { startCluster } from './cluster.ts';
import { folderOrSkip } from './skip.ts';

const run = promisify(execFile);

it('goes with the job of its holder', async (context) => {
  const root = folderOrSkip(context);
  const { env } = await startCluster(root, { cpus: 1 });
  for (const name of ['PATH', 'SLURM_CONF']) vi.stubEnv(name, env[name]);
  onTestFinished(() => void vi.unstubAllEnvs());
  const args = ['--parsable', '--array=3', '-o', '/dev/null', '--wrap', `touch ${root}/begun; sleep 1000`];
  const { stdout } = await run('sbatch', args);
  const job = `${stdout.trim()}_3`;
  const state = async (): Promise<string> => (await run('squeue', ['-h', '-o', '%T'])).stdout.trim();
  await expect.poll(state, { timeout: 30_000 }).toBe('RUNNING');
  const folder = join(root, 'run');
  mkdirSync(folder);
  const lock = { pid: 1, host: 'node7', since: '2026-01-01T00:00:00Z', birth: '', job };
  writeFileSync(join(folder, 'run.lock'), JSON.stringify(lock));
  await expect(holdRun(folder)).rejects.toThrow(/in use by process 1 on node7 since/);
  await run('scancel', [job]);
  await expect.poll(state, { timeout: 30_000 }).toBe('');
  expect(await runHolder(folder)).toBeUndefined();
  (await holdRun(folder))();
});

it('stays with one that Slurm does not know of, where there is no Slurm to ask', async (context) => {
  const folder = folderOrSkip(context);
  vi.stubEnv('PATH', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const lock = { pid: 1, host: 'node7', since: '2026-01-01T00:00:00Z', birth: '', job: '7' };
  writeFileSync(join(folder, 'run.lock'), JSON.stringify(lock));
  await expect(holdRun(folder)).rejects.toThrow(/in use by process 1 on node7/);
});
