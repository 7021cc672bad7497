/** `srun -n 2 longtail run`: the processes of a step of Slurm train one model, as those of mpirun. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { expect, it } from 'vitest';
import type { Results } from '../../src/results.ts';
import { argsOf, numbersOf } from '../interrupted.ts';
import { CLI } from '../longtail.ts';
import { startCluster } from './cluster.ts';
import { folderOrSkip } from './skip.ts';

const run = promisify(execFile);
const installation = mpiInstallations().find(({ name }) => name === 'MPI 5.0 ABI');

it('gives what mpirun gives, by the library of `longtail engine install mpi`', {
  timeout: 300_000,
}, async (context) => {
  if (!installation) return context.skip('MPICH is not installed; run "pnpm longtail engine install mpi"');
  const root = folderOrSkip(context);
  const { env } = await startCluster(root, { cpus: 2 });
  const [bySrun, byMpirun] = [join(root, 'srun'), join(root, 'mpirun')];
  const step = ['--mpi=pmi2', '-n', '2', process.execPath, CLI, ...argsOf(bySrun)];
  await run('srun', step, { env: { ...env, OMP_NUM_THREADS: '1' } });
  const { code, stderr } = await mpirun(installation, 2, [CLI, ...argsOf(byMpirun)]);
  expect(code, stderr).toBe(0);
  const results: Results = JSON.parse(readFileSync(join(bySrun, 'results.json'), 'utf8'));
  expect(results.made?.[0]?.processes).toBe(2);
  expect(numbersOf(bySrun)).toEqual(numbersOf(byMpirun));
});
