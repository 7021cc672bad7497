/**
 * A sweep on a real Ray ends as the local one, bit for bit: four cells in two waves, one stopped by SIGTERM and one killed. Only by
 * `pnpm test:ray`, which installs Ray (0.4 GB).
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openSweep } from '../../src/sweep/open-sweep.ts';
import { longOnly } from '../long-only.ts';
import { longtail } from '../longtail.ts';
import { cellNumbers } from '../sweep-numbers.ts';
import { rayProgram, startRay } from './ray.ts';

const FATES = ['SIGTERM', 'SIGKILL'] as const;

/** Ends the process of a cell that trains, and lets the next one go on. */
async function meet(index: number, signal: NodeJS.Signals, { folder, held }: Record<string, string>) {
  while (!existsSync(join(folder!, 'sweep.jsonl'))) await setTimeout(200);
  const { cells } = await openSweep(folder!);
  const run = join(folder!, 'runs', cells[index]!.id);
  while (!existsSync(join(run, 'dataset.json'))) await setTimeout(200);
  const { pid } = JSON.parse(readFileSync(join(run, 'run.lock'), 'utf8'));
  process.kill(pid, signal);
  rmSync(join(held!, String(index)));
}

it('four cells end as without Ray', { timeout: 1_200_000 }, async (context) => {
  longOnly(context, { command: 'pnpm test:ray' });
  const root = mkdtempSync(join(tmpdir(), 'lt-ray-')); // short: Ray's sockets lie below it
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const at = (name: string): string => join(root, name);
  const [file, held, local, folder] = [at('grid.json'), at('held'), at('local'), at('rayed')];
  const program = await rayProgram().catch((error: Error) => error);
  if (program instanceof Error) {
    console.warn(`skipped "${context.task.name}": Ray cannot be installed: ${program.message}`);
    return context.skip(program.message);
  }
  const recipe = join(import.meta.dirname, '../held-recipe.ts');
  writeFileSync(file, JSON.stringify({ recipe, seeds: 2, grid: { headEpochs: [3, 2] } }));
  mkdirSync(held);
  for (const i of FATES.keys()) writeFileSync(join(held, String(i)), '');
  const { address, stop } = await startRay(at('r'), { program, cpus: 2 });
  onTestFinished(stop);
  const args = ['sweep', file, '--launcher', 'ray', '--with', `address=${address}`, '--out', folder];
  const launched = longtail(args, { env: { LONGTAIL_HELD: held } });
  await Promise.all(FATES.map((signal, i) => meet(i, signal, { folder, held })));
  const { code, stderr } = await launched;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/was stopped: it goes on/)]);
  expect(stderr).toMatch(/was killed: it goes on/);
  const alone = await longtail(['sweep', file, '--out', local]);
  expect([alone.code, alone.stderr]).toEqual([0, expect.any(String)]);
  expect(cellNumbers(await openSweep(folder))).toEqual(cellNumbers(await openSweep(local)));
});
