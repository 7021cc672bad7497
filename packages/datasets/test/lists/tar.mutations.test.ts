/** Tars whose headers were changed. Nearly every change of a byte breaks a checksum: here it is mended, so that what lies behind is met. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { watchdog, wrongdoing } from '@longtail/damaged-files';
import { fuzzing } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { tarFiles } from '../../src/lists/tar-files.ts';

const golden = join(import.meta.dirname, '../golden/tars');
const folder = mkdtempSync(join(tmpdir(), 'longtail-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PATH = join(folder, 'changed.tar');

describe('damaged headers of a tar', () => {
  it('are read or refused, with checksums that are right', async () => {
    const { runs, seed } = fuzzing({ runs: 400 });
    const tars = readdirSync(golden).filter((name) => name.endsWith('.tar'));
    const dog = watchdog(10_000);
    const wrong: string[] = [];
    let refused = 0;
    for (let run = 0; run < runs; run++) {
      const rng = random(seed, 'tar', run);
      const tar = readFileSync(join(golden, tars[rng.integer(tars.length)]!));
      const headers = headersOf(tar);
      const changes = 1 + rng.integer(3);
      for (let i = 0; i < changes; i++) changeHeader(tar, headers[rng.integer(headers.length)]!, rng);
      writeFileSync(PATH, tar);
      dog.begin(`seed ${seed}, run ${run}`);
      const found = await wrongdoing(
        async (_, path) => {
          const files = await tarFiles(path).catch((error) => {
            refused++;
            throw error;
          });
          for (const { offset = 0, length } of files.values())
            if (offset + length > tar.length) throw new Error(`a file of ${length} bytes at ${offset}`);
        },
        tar,
        PATH,
      );
      if (found) wrong.push(`seed ${seed}, run ${run}: ${found}`);
    }
    await dog.end();
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(runs / 10);
    expect(refused).toBeLessThan(runs);
  });
});

const LENGTHS = [
  '77777777777\0',
  '00000000000\0',
  '-0000000001\0',
  '           \0',
  '\x80\0\0\0\0\0\0\0\0\0\0\x05',
  '\xff'.repeat(12),
];
const TYPES = '\x000123456789gxXLKNSVMDIA'.split('');

const headersOf = (tar: Buffer): number[] =>
  Array.from({ length: tar.length / 512 }, (_, i) => 512 * i).filter(
    (at) => tar.toString('latin1', at + 257, at + 262) === 'ustar',
  );

function changeHeader(tar: Buffer, at: number, rng: ReturnType<typeof random>): void {
  const change = rng.integer(5);
  if (change === 0) tar.write(LENGTHS[rng.integer(LENGTHS.length)]!, at + 124, 12, 'latin1');
  if (change === 1) tar.write(TYPES[rng.integer(TYPES.length)]!, at + 156, 1, 'latin1');
  if (change === 2) tar[at + rng.integer(512)] = rng.integer(256);
  if (change === 3) tar.fill(rng.integer(256), at + rng.integer(345), at + 512);
  if (change === 4) tar[at + 512 + rng.integer(64)] = 0x30 + rng.integer(10); // of what an extended header holds
  tar.fill(' ', at + 148, at + 156);
  const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 8, 'latin1');
}
