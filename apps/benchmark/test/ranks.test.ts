/**
 * Processes that share a batch take the step of one process: the same gradients up to the order of sums where batch norms are
 * frozen, whatever the loss looks at; else those of batch norms that see parts. Two processes by default; `pnpm test:mpi`: four.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@longtail/formats';
import { toBeCloseTo } from '@longtail/test-support';
import { type Ended, mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SECONDS = 240; // on a busy machine; 10 on an idle one
const [installation] = mpiInstallations();
const program = join(import.meta.dirname, 'ranks-program.ts');
const folder = mkdtempSync(join(tmpdir(), 'longtail-ranks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (ranks: number): string => join(folder, `${ranks}.safetensors`);
const steps = (ranks: number): Promise<Ended> => mpirun(installation!, ranks, [program, file(ranks)]);
const arraysOf = (ranks: number) =>
  new Map(
    [...decodeSafetensors(readFileSync(file(ranks))).arrays].map(([name, { data }]) => [
      name,
      data as Float32Array,
    ]),
  );

describe.runIf(installation)('processes of one training', () => {
  let alone: ReturnType<typeof arraysOf>;
  beforeAll(async () => {
    const { code, stderr } = await steps(1);
    expect(code, stderr).toBe(0);
    alone = arraysOf(1);
  }, SECONDS * 1000);

  it.for(process.env.MODE === 'mpi' ? [2, 4] : [2])(
    '%i take the steps of one',
    { timeout: SECONDS * 1000 },
    async (ranks) => {
      const { code, stdout, stderr } = await steps(ranks);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ ranks, same: true, left: 0 }); // after 50 steps, to the bit
      const isOf = (name: string, group: string) => name.startsWith(group);
      for (const [name, found] of arraysOf(ranks)) {
        const isStatistic = name.includes('running_');
        if (isOf(name, 'frozen/') || isOf(name, 'synced/'))
          toBeCloseTo(found, alone.get(name)!, { absolute: 1e-6 });
        if (isOf(name, 'norms/')) {
          const expected = name.replace('norms/', isStatistic ? `first of ${ranks}/` : `norms of ${ranks}/`);
          toBeCloseTo(found, alone.get(expected)!, { absolute: 1e-6 });
        }
      }
    },
  );
});
