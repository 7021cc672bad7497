/** However one process ends, the others end within seconds, and the reason is told. */
import { join } from 'node:path';
import { type Ended, mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, 'programs/endings.ts');

/** Also under load; alone it is one or two. */
const SECONDS = 30;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Hydra tells of a death on stdout, too. */
const pidsIn = (stdout: string): number[] => (stdout.match(/^\d+$/gm) ?? []).map(Number);

/** All processes that said their number are gone, at the latest some seconds after mpirun. */
async function expectNobody({ stdout }: Ended, ranks: number): Promise<void> {
  const pids = pidsIn(stdout);
  expect(pids).toHaveLength(ranks);
  for (let tries = 0; tries < 50 && pids.some(isAlive); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pids.filter(isAlive)).toEqual([]);
}

const ENDINGS = [
  ['throw', 'rank 1 of 2 ends the run: RangeError: loss is NaN\n', 1],
  ['kill', '', undefined],
  ['abort', 'rank 1 of 2 ends the run: the disk is full\n', 3],
  ['reject', 'rank 1 of 2 ends the run: Error: nobody catches this\n', 1],
  ['exit', 'rank 1 of 2 ends the run: it exits with code 7\n', 7],
] as const;

const installations = mpiInstallations();

describe.each(installations)('$name', (installation) => {
  const isFirst = installation === installations[0];

  it.for(isFirst ? ENDINGS : ENDINGS.slice(0, 2))('%s', { timeout: 60_000 }, async ([way, reason, code]) => {
    const ended = await mpirun(installation, 2, [program, way]);
    expect(ended.stderr).toContain(reason);
    expect(ended.code).not.toBe(0);
    if (code) expect(ended.code).toBe(code);
    expect(ended.seconds).toBeLessThan(SECONDS);
    await expectNobody(ended, 2);
  });

  if (isFirst) {
    it('ends well without close()', async () => {
      const ended = await mpirun(installation, 2, [program, 'good']);
      expect(ended.code, ended.stderr).toBe(0);
    });

    it('SIGTERM to mpirun ends all', { timeout: 60_000 }, async () => {
      const ended = await mpirun(installation, 2, [program, 'never'], {
        onOutput(stdout, pid) {
          if (pidsIn(stdout).length === 2) process.kill(pid, 'SIGTERM');
        },
      });
      expect(ended.code).not.toBe(0);
      await expectNobody(ended, 2);
    });
  }
});
