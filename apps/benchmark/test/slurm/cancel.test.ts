/** What is cancelled in Slurm saves, and stays so until the sweep is launched again. By `pnpm test:slurm` alone: it takes minutes. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { cellFolder } from '../../src/sweep/cell.ts';
import { cellStatuses } from '../../src/sweep/cell-status.ts';
import { openSweep } from '../../src/sweep/open-sweep.ts';
import { longOnly } from '../long-only.ts';
import { longtail } from '../longtail.ts';
import { startCluster } from './cluster.ts';
import { fileWith, queueOver } from './queue.ts';
import { folderOrSkip } from './skip.ts';

const run = promisify(execFile);

it('by scancel of a task, and by longtail sweep cancel', { timeout: 900_000 }, async (context) => {
  longOnly(context, { command: 'pnpm test:slurm' });
  const root = folderOrSkip(context);
  const [file, held, folder] = [join(root, 'grid.json'), join(root, 'held'), join(root, 'sweep')];
  const recipe = join(import.meta.dirname, '../held-recipe.ts');
  writeFileSync(file, JSON.stringify({ recipe, seeds: 2 }));
  mkdirSync(held);
  for (const cell of ['0', '1']) writeFileSync(join(held, cell), '');
  const cluster = await startCluster(root, { cpus: 2 });
  const env = { ...cluster.env, LONGTAIL_HELD: held };
  const launch = async (): Promise<string> => {
    const { code, stdout, stderr } = await longtail(['sweep', file, '--out', folder, '--launcher', 'slurm'], {
      env,
    });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return stdout;
  };
  const states = async (): Promise<string[]> =>
    (await cellStatuses(await openSweep(folder))).map(({ state }) => state);
  expect(await launch()).toMatch(/^submitted 2 cells as 1, and the table as \d+; next: /);
  const { cells } = await openSweep(folder);
  const last = cellFolder({ folder }, cells[1]!);
  await fileWith(join(last, 'dataset.json'));
  expect(await launch()).toMatch(/^nothing is left to start|in Slurm's queue already/);
  const status = await longtail(['sweep', 'status', folder], { env });
  expect(status.stdout).toMatch(/^ +1 .* running .*: 1_1 RUNNING$/m);
  await run('scancel', ['1_1'], { env: cluster.env });
  rmSync(join(held, '0'));
  await queueOver(cluster);
  expect(await states()).toEqual(['done', 'waiting']);
  expect(existsSync(join(last, 'instance-balanced/representation.safetensors'))).toBe(true);
  expect(readFileSync(join(folder, 'slurm/report.log'), 'utf8')).toMatch(/1 cell of 2 are done/);

  const [, job, report] = /^submitted 1 cell as (\d+), and the table as (\d+); next: /.exec(await launch())!;
  await fileWith(join(last, 'run.lock'), /pid/);
  const cancelled = await longtail(['sweep', 'cancel', folder], { env });
  expect([cancelled.code, cancelled.stdout]).toEqual([
    0,
    expect.stringContaining(`cancelled in Slurm: ${report}, ${job}`),
  ]);
  await queueOver(cluster);
  expect(await states()).toEqual(['done', 'waiting']);

  rmSync(join(held, '1'));
  await launch();
  await queueOver(cluster);
  expect(await states()).toEqual(['done', 'done']);
});
