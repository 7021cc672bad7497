/**
 * `mpirun -n R longtail run`: one process that dies ends all within seconds, one that is told to stop stops all at the same step,
 * and the run goes on: with as many processes to the same bits, with others to its end. After stage 1 the numbers are those of one
 * process. By `pnpm test:mpi`.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../src/results.ts';
import { readArrays } from '../src/stage-file.ts';
import { argsOf, numbersOf, stageOf } from './interrupted.ts';
import type { Interruption } from './interrupted-recipe.ts';
import { CLI } from './longtail.ts';

const [installation] = mpiInstallations();
const isLong = process.env.MODE === 'mpi';
if (!isLong) console.warn('skipped: runs of several processes take minutes; "pnpm test:mpi" has them.');
const root = mkdtempSync(join(tmpdir(), 'longtail-ranks-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const timeout = 600_000;

function longtail(ranks: number, args: readonly string[], moment?: Interruption): Promise<Ended> {
  const environment = {
    ...installation!.environment,
    ...(moment && { LONGTAIL_INTERRUPT: JSON.stringify(moment) }),
  };
  return mpirun({ ...installation!, environment }, ranks, [CLI, ...args]);
}
const resultsOf = (folder: string): Results => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
const copyOf = (folder: string, name: string): string => {
  cpSync(folder, join(root, name), { recursive: true });
  return join(root, name);
};

describe.runIf(installation && isLong)('a run of several processes', () => {
  const whole = join(root, 'whole');
  let wanted: object;
  beforeAll(async () => {
    const { code, stderr } = await longtail(2, argsOf(whole));
    expect(code, stderr).toBe(0);
    wanted = numbersOf(whole);
    expect(resultsOf(whole).made?.[0]?.processes).toBe(2);
  }, timeout);

  it('ends within seconds where one is killed, and goes on with 1, 2 or 4', { timeout }, async () => {
    const folder = join(root, 'killed');
    const moment = { at: 'train', count: 25, signal: 'SIGKILL', rank: 1 } as const;
    const { code, stdout, stderr } = await longtail(2, argsOf(folder), moment);
    const taken = Date.now() - Number(/^ended at (\d+)$/m.exec(stderr)?.[1]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/signal 9|EXIT CODE: 9|KILLED/i);
    expect(taken).toBeLessThan(15_000);
    expect(existsSync(join(folder, 'results.json'))).toBe(false);
    const copies = [1, 2, 4].map((ranks) => [ranks, copyOf(folder, `killed-${ranks}`)] as const);
    for (const [ranks, copy] of copies) {
      const resumed = await longtail(ranks, ['resume', copy]);
      expect(resumed.code, resumed.stderr).toBe(0);
      if (ranks === 2) expect(numbersOf(copy)).toEqual(wanted);
      expect(resultsOf(copy).history!.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    }
  });

  it('stops at one step where one is told to, and goes on to the same numbers', { timeout }, async () => {
    for (const at of ['train', 'extract'] as const) {
      const folder = join(root, at);
      const moment = { at, count: at === 'train' ? 25 : 8, signal: 'SIGTERM', rank: 1 } as const;
      const { code, stdout, stderr } = await longtail(2, argsOf(folder), moment);
      expect([code, stderr], stdout).toEqual([
        75,
        expect.stringContaining('stopped by a signal to another process'),
      ]);
      const resumed = await longtail(2, ['resume', folder]);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(numbersOf(folder)).toEqual(wanted);
    }
  });

  it('is refused in a sentence, once, where a batch has fewer pictures than there are processes', {
    timeout,
  }, async () => {
    const folder = join(root, 'few');
    const { code, stderr } = await longtail(2, [...argsOf(folder), '--set', 'batchSize=1']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('rank 0 of 2 ends the run: a batch of 1 pictures cannot be shared'),
    ]);
    expect(stderr.match(/cannot be shared/g)).toHaveLength(1);
  });
});

describe.runIf(installation && isLong)('after stage 1', () => {
  const recipe = join(import.meta.dirname, 'many-rows-recipe.ts');
  /** But for what it took, and by whom. */
  const foundIn = (folder: string): object => ({ ...resultsOf(folder), seconds: 0, made: [] });

  it.each(['cached', 'views=2', 'live-frozen', 'live'])(
    '%s of two processes has the results of one',
    {
      timeout,
    },
    async (features) => {
      const one = join(root, `one-${features}`);
      const set = [`features=${features}`, 'microBatch=4'];
      const whole = await longtail(1, ['run', recipe, '--out', one, '--set', ...set]);
      expect(whole.code, whole.stderr).toBe(0);
      const two = copyOf(one, `two-${features}`);
      for (const file of ['features', 'classifiers', 'predictions']) rmSync(stageOf(two, file));
      rmSync(join(two, 'results.json'));
      const resumed = await longtail(2, ['resume', two]);
      expect(resumed.code, resumed.stderr).toBe(0);
      const stages = ['representation', 'features', 'classifiers', 'predictions'];
      expect(numbersOf(two, { stages })).toEqual(numbersOf(one, { stages }));
      expect(foundIn(two)).toEqual(foundIn(one));
      const { metadata } = await readArrays(stageOf(two, 'predictions'), { after: '' });
      expect(JSON.parse(metadata.scored!)).toEqual([1024, 360]);
    },
  );
});
