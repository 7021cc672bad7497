import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError } from '@longtail/core';
import { encodeParquet } from '@longtail/formats';
import { afterAll, describe, expect, it } from 'vitest';
import { batches, packDataset, pictureParquet } from '../../src/index.ts';

const golden = (name: string) => join(import.meta.dirname, '../golden', name);
const { pixels, labels, names } = JSON.parse(readFileSync(golden('hf_pictures.json'), 'utf8'));
const SHARDS = [golden('hf-0.parquet'), golden('hf-1.parquet')];

const folder = mkdtempSync(join(tmpdir(), 'longtail-picture-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
function written(name: string, columns: Parameters<typeof encodeParquet>[0]) {
  writeFileSync(join(folder, name), encodeParquet(columns));
  return join(folder, name);
}

describe('pictures in Parquet', () => {
  it('are read in any order, with the names of the footer', async () => {
    const set = await pictureParquet(SHARDS);
    expect(set).toMatchObject({ name: 'hf-0.parquet', length: 7, classNames: names });
    expect([...set.labels]).toEqual(labels);
    for (const index of [6, 0, 3, 4, 3, 1, 5, 2]) {
      const { data, ...shape } = await set.read(index);
      expect(shape).toEqual({ height: 4, width: 5, channels: 3 });
      expect([...data]).toEqual(pixels[index]);
    }
    for (const index of [-1, 7, 1.5, Number.NaN])
      await expect(async () => set.read(index)).rejects.toThrow(InputError);
  });

  it('number texts over all files, or as the training set does', async () => {
    const set = await pictureParquet(SHARDS, { label: 'word' });
    expect([set.classNames, [...set.labels]]).toEqual([names, labels]);
    const classNames = ['ox', 'dog', 'cat'];
    const other = await pictureParquet(SHARDS[1]!, { label: 'word', classNames });
    expect([...other.labels]).toEqual([0, 2, 1]);
    await expect(pictureParquet(SHARDS, { label: 'word', classNames: ['ox', 'cat'] })).rejects.toThrow(
      /hf-0.parquet: expected one of the training set's 2 classes, but at row 2 the column "word" holds "dog"/,
    );
  });

  it('go through batches, and into no pack', async () => {
    const set = await pictureParquet(SHARDS);
    const found: number[] = [];
    for await (const batch of batches(set, Int32Array.of(5, 1, 6), { batchSize: 2 }))
      found.push(...batch.labels);
    expect(found).toEqual([0, 0, 1]);
    await expect(packDataset(set, { out: folder, height: 4, width: 4 } as never)).rejects.toThrow(InputError);
  });

  it('are refused by file and row', async () => {
    await expect(pictureParquet(SHARDS, { image: 'img' })).rejects.toThrow(
      /hf-0.parquet: expected a column "img" of pictures, but the columns are "image.bytes", "image.path", "label", "word"/,
    );
    await expect(pictureParquet([])).rejects.toThrow(InputError);
    await expect(pictureParquet(join(folder, 'absent.parquet'))).rejects.toThrow(
      /absent.parquet, but looking for it failed/,
    );
    await expect(pictureParquet(folder)).rejects.toThrow(/but it is none; name the file itself/);
    const paths = await pictureParquet(golden('hf-paths.parquet'));
    await expect(async () => paths.read(0)).rejects.toThrow(
      /hf-paths.parquet: expected the bytes of a picture in "image.bytes" at row 0/,
    );
    const minus = written('minus.parquet', { image: ['x'], label: { shape: [1], data: Int32Array.of(-1) } });
    await expect(pictureParquet(minus)).rejects.toThrow(
      /minus.parquet: .* at row 0 the column "label" holds -1/,
    );
    const none = written('none.parquet', {
      image: ['no picture'],
      label: { shape: [1], data: Int32Array.of(0) },
    });
    const set = await pictureParquet(none);
    await expect(async () => set.read(0)).rejects.toThrow(/none.parquet \(row 0\)/);
    await expect(async () => set.read(0)).rejects.toThrow(DataError);
    await expect(
      pictureParquet([none, written('text.parquet', { image: ['x'], label: ['cat'] })]),
    ).rejects.toThrow(/expected labels of one kind in all files/);
    const large = written('large.parquet', {
      image: ['x'],
      label: { shape: [1], data: Int32Array.of(2147483000) },
    });
    await expect(pictureParquet(large)).rejects.toThrow(
      /expected labels below 1048576, but one is 2147483000/,
    );
  });
});
