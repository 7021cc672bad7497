/** A thousand steps hold no more than a hundred. In a process of its own, started as the CLI starts: see steady-malloc. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { library } from './both.ts';
import type { Held } from './soak-program.ts';

const MB = 2 ** 20;

describe.skipIf(!library)('a thousand training steps', () => {
  it('hold as many handles and tensors as before, and take no more memory', async (context) => {
    const program = ['--expose-gc', join(import.meta.dirname, 'soak-program.ts'), library!];
    const env = {
      ...process.env,
      OMP_NUM_THREADS: '1',
      GLIBC_TUNABLES: 'glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0',
    };
    const { stdout } = await promisify(execFile)(process.execPath, program, { env });
    const held = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Held);
    console.info(`${context.task.name}\n${stdout}`);
    expect(held.at(-1)?.step).toBe(1000);
    const [first, early, late] = [held[0]!, held[2]!, held.at(-1)!];
    for (const { handles, tensors } of held)
      expect([handles, tensors]).toEqual([first.handles, first.tensors]);
    // Past the warm-up, 700 steps: a leak of one small tensor a step (4 KB) would be 2.8 MB. Room for V8's own pages.
    expect(late.heap - early.heap).toBeLessThan(1 * MB);
    expect(late.native - early.native).toBeLessThan(4 * MB);
  });
});
