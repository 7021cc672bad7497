import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fuzzing } from '@longtail/test-support';
import { expect, it } from 'vitest';

const AT_ONCE = 2000;
/** Node, libvips and a picture of a million pixels in several copies take a third of it. */
const MAX_MEMORY = 500;
const { runs, seed } = fuzzing({ runs: 600 });

it(`damaged pictures are decoded or refused, ${runs} times`, { timeout: 60_000 + 50 * runs }, () => {
  for (let first = 0; first < runs; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, runs - first);
    const program = [join(import.meta.dirname, 'decode-mutated.ts'), ...[seed, first, count].map(String)];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, program, {
      encoding: 'utf8',
      timeout: 30_000 + 50 * count,
      maxBuffer: 2 ** 28,
    });
    const lines = stdout.trim().split('\n');
    expect([status, signal, stderr], `LONGTAIL_FUZZ_SEED=${seed}, ${lines.at(-1)}`).toEqual([0, null, '']);
    expect(lines.filter((line) => line.startsWith('wrong'))).toEqual([]);
    expect(Number(lines.at(-1)!.replace('memory ', ''))).toBeLessThan(MAX_MEMORY);
  }
});
