import { createHash } from 'node:crypto';
import { DataError } from '@longtail/core';
import { fuzzing } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { type ArrayData, type ArrayFile, openArrays } from '../src/index.ts';
import { type Expected, freshTables, type OddTable, oddTables } from './odd-tables.ts';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The one NaN that NumPy writes. */
function canonical(data: ArrayData, dtype: string): ArrayData {
  if (dtype === 'float16')
    return (data as Uint16Array).map((half) => ((half & 0x7fff) > 0x7c00 ? 0x7e00 : half));
  if (dtype.startsWith('float')) return (data as Float32Array).map((x) => (Number.isNaN(x) ? Number.NaN : x));
  return data;
}

async function found(file: ArrayFile, name: string): Promise<Expected> {
  const dtype = file.arrays.find((array) => array.name === name)?.dtype;
  if (!dtype) {
    const texts = await file.readTexts(name);
    return ['text', [texts.length], sha256(JSON.stringify(texts))];
  }
  const { shape, data } = await file.read(name);
  const { buffer, byteOffset, byteLength } = canonical(data, dtype);
  return [dtype, shape, sha256(new Uint8Array(buffer, byteOffset, byteLength))];
}

async function check({ name, bytes, columns }: OddTable): Promise<void> {
  const file = await openArrays(bytes, { name, nulls: 'nan' });
  for (const [column, expected] of Object.entries(columns)) {
    const read = found(file, column);
    if (expected === 'refused') await expect(read, column).rejects.toThrow(DataError);
    else expect([column, await read]).toEqual([column, expected]);
  }
}

describe('tables as the world writes them', () => {
  it.each(oddTables.map((table) => [table.name, table] as const))('%s', (_, table) => check(table));

  it('of other values, written just now', async (context) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with pyarrow, pandas and polars');
      return context.skip('no LONGTAIL_PYTHON');
    }
    for (const table of freshTables(python, fuzzing().seed + 1)) await check(table);
  }, 60_000);
});
