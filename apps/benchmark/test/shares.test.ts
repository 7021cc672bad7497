/** What processes share after stage 1 is what one makes, to the bit, and each has a part in it. Two by default; `pnpm test:mpi`: more. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@longtail/formats';
import { type Ended, mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const timeout = 240_000; // on a busy machine; some seconds on an idle one
const [installation] = mpiInstallations();
const program = join(import.meta.dirname, 'shares-program.ts');
const folder = mkdtempSync(join(tmpdir(), 'longtail-shares-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (ranks: number): string => join(folder, `${ranks}.safetensors`);
const shares = (ranks: number, ...more: string[]): Promise<Ended> =>
  mpirun(installation!, ranks, [program, file(ranks), ...more]);
const arraysOf = (ranks: number) => [...decodeSafetensors(readFileSync(file(ranks))).arrays];

describe.runIf(installation)('features, live passes and answers', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await shares(1);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ scored: [3172] });
    const arrays = new Map(arraysOf(1));
    expect(arrays.get('counts')!.data).toEqual(Int32Array.of(42, 450));
    expect(arrays.get('features')!.shape).toEqual([408 * 64]);
    expect(arrays.size).toBe(3 + 3 + 2 + 2 + 1 + 21);
  }, timeout);

  const shared: readonly (readonly [number, readonly number[]])[] = [
    [2, [2048, 1124]],
    [3, [1124, 1024, 1024]],
    [5, [1024, 1024, 1024, 100, 0]],
  ];
  it.each(shared.slice(0, process.env.MODE === 'mpi' ? 3 : 1))(
    'of %i processes are those of one, to the bit',
    { timeout },
    async (ranks, scored) => {
      const { code, stdout, stderr } = await shares(ranks);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ scored });
      expect(arraysOf(ranks)).toEqual(arraysOf(1));
    },
  );

  it('end within seconds where one is killed while it scores', { timeout }, async () => {
    const { code, stdout, stderr } = await shares(2, 'killed');
    const taken = Date.now() - Number(/^ended at (\d+)$/m.exec(stderr)?.[1]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/signal 9|EXIT CODE: 9|KILLED/i);
    expect(taken).toBeLessThan(15_000);
  });
});
