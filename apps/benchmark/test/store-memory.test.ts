/** A store is fitted on in little memory: a small one here, iNaturalist 2018's size by `pnpm store-memory`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'longtail-store-memory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const program = join(import.meta.dirname, 'store-memory-program.ts');
const ran = async (...args: string[]) =>
  JSON.parse((await promisify(execFile)(process.execPath, [program, ...args])).stdout);

describe.skipIf(!torchLibrary())('a store of 268 MB, in processes of their own', () => {
  it('is fitted on in the memory that one of 67 MB takes, and more than a bound fails', async () => {
    const table = join(root, 'counts.tsv');
    const lines = Array.from({ length: 32 }, (_, c) => `${c}\t8192\n`);
    writeFileSync(table, `label\ttrain_count\n${lines.join('')}`);
    await ran('make', join(root, 'small'), table, '8', '256');
    const made = await ran('make', join(root, 'large'), table, '32', '256');
    expect(made).toEqual({ rows: 262_144, dim: 256, classes: 32, shards: 64 });
    const [small, large] = [
      await ran('fit', join(root, 'small'), '1.5', '8'),
      await ran('fit', join(root, 'large'), '1.5', '8'),
    ];
    // Of GB; both look at 8192 rows at once, 8 MB, and hold what V8 has not collected yet. The rows that the large one has more are
    // 0.201, and twice that where tensors copy.
    expect(large.peak - small.peak).toBeLessThan(0.1);
    expect([small.left, large.left]).toEqual([0, 0]);
    await expect(ran('fit', join(root, 'small'), '0.05', '1')).rejects.toMatchObject({ code: 1 });
  }, 300_000);
});
