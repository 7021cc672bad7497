/** A closed file gives nothing, whatever of it is still in memory. */
import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { type ArrayFile, openArrays, openFeatures } from '../src/index.ts';
import { golden } from './golden.ts';

const NAMES = ['deflated.npz', 'stored.npz', 'fixed.parquet', 'f4.npy', 'half.safetensors', 'protocol-4.pkl'];

describe.each(NAMES)('%s', (name) => {
  const read = async (file: ArrayFile) => {
    const { name } = file.arrays.find(({ dtype }) => dtype)!;
    return file.read(name, { start: 0, end: 1 });
  };

  it('cannot be read once it is closed, and may be closed again', async () => {
    const file = await openArrays(golden(name));
    await read(file);
    await file.close();
    await file.close();
    for (const reading of [read(file), file.readTexts(), file.readBytes()]) {
      await expect(reading).rejects.toThrow(DataError);
      await expect(reading).rejects.toThrow(/it was closed; open it again\.$/);
    }
    const set = await openFeatures(golden(name), { labels: false });
    await set.rows(0, 1);
    await set.close();
    await expect(set.rows(0, 1)).rejects.toThrow(/it was closed/);
    await expect(set.rows(0, 0)).rejects.toThrow(/it was closed/);
  });

  it('is closed by `await using`, after an error, too', async () => {
    const opened: ArrayFile[] = [];
    const failing = async () => {
      await using file = await openArrays(golden(name));
      opened.push(file);
      throw new Error('stop');
    };
    await expect(failing()).rejects.toThrow('stop');
    await expect(read(opened[0]!)).rejects.toThrow(/it was closed/);
  });
});
