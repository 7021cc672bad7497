/** A process's parts of the batches: together they are the batches, picture for picture. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawn } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type BatchesOptions,
  batches,
  compose,
  type Dataset,
  horizontalFlip,
  inMemory,
  padAndCrop,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const labels = Int32Array.of(0, 1, 2, 0, 1);
const pixels = Uint8Array.from(drawn('pictures', 5 * 48, [0, 255]));
const memory = inMemory('memory', { pixels, labels, classNames: ['a', 'b', 'c'], shape: [4, 4, 3] });
const path = (i: number): string => join(folder, `${i}.ppm`);
for (let i = 0; i < 5; i++)
  writeFileSync(path(i), Buffer.concat([Buffer.from('P6 4 4 255\n'), pixels.subarray(i * 48, (i + 1) * 48)]));
const files: Dataset = { ...memory, name: 'files', file: (i) => ({ path: path(i) }) };
writeFileSync(join(folder, 'bad.ppm'), 'no picture');
const withBad: Dataset = { ...files, file: (i) => ({ path: i === 3 ? join(folder, 'bad.ppm') : path(i) }) };

const ORDER = [4, 0, 3, 1, 2, 3, 0, 4];
const transform = compose(padAndCrop(2), horizontalFlip());

async function read(set: Dataset, options: Partial<BatchesOptions> = {}) {
  const found: { pixels: number[]; labels: number[]; end: number; skipped: number }[] = [];
  const how = { batchSize: 3, transform, seed: 5, epoch: 1, ...options };
  for await (const { pixels: bytes, labels: classes, end, skipped } of batches(set, ORDER, how))
    found.push({ pixels: [...bytes], labels: [...classes], end, skipped: skipped.length });
  return found;
}

describe('a part of every batch', () => {
  it.each([
    ['in memory', memory, {}],
    ['in memory, from the second batch on', memory, { start: 3 }],
    ['from threads', files, { workers: 2 }],
    ['whole ones alone', files, { workers: 1, dropLast: true }],
    ['without a picture that cannot be read', withBad, { workers: 2, onBadImage: 'skip' as const }],
  ])('%s, is the whole with the others', async (_, set, how) => {
    const whole = await read(set, how);
    for (const ranks of set === memory ? [1, 2, 4] : [2]) {
      const parts = await Promise.all(
        Array.from({ length: ranks }, (_, rank) => read(set, { ...how, part: { rank, ranks } })),
      );
      for (const part of parts) expect(part).toHaveLength(whole.length);
      for (const [i, batch] of whole.entries()) {
        const own = parts.map((part) => part[i]!);
        expect(own.map(({ end }) => end)).toEqual(Array<number>(ranks).fill(batch.end));
        expect(own.flatMap((one) => one.pixels)).toEqual(batch.pixels);
        expect(own.flatMap((one) => one.labels)).toEqual(batch.labels);
        expect(own.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(batch.skipped);
      }
    }
  });

  it('is one of those that there are', async () => {
    const outside = read(memory, { part: { rank: 2, ranks: 2 } });
    await expect(outside).rejects.toThrow('rank must be an integer from 0 to 1, but it is 2');
  });
});
