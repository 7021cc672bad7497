import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, random } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import {
  type Dtype,
  encodeCsv,
  encodeNpy,
  encodeParquet,
  type NamedArray,
  openArrays,
  type TableColumns,
} from '../src/index.ts';
import { opened } from './written.ts';

/** More than one row group. */
const ROWS = 9000;
const WORDS = ['cat', 'a "b", c', 'line\nbreak', 'Zürich', '', ' spaced ', '𝄞'];
const golden = (name: string) => join(import.meta.dirname, 'golden', name);

function table(): { arrays: Map<string, NamedArray>; words: string[] } {
  const rng = random(0, 'tables');
  const integer = (bits: number) => Array.from({ length: ROWS }, () => rng.integer(2 ** bits));
  const floats = Float32Array.from({ length: ROWS * 3 }, () => rng.normal());
  floats.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-45, 3.4028235e38, 0.1]);
  const one = (dtype: Dtype, data: NamedArray['data']): [string, NamedArray] => [
    dtype,
    { dtype, shape: [ROWS], data },
  ];
  const longs = BigInt64Array.from(integer(31), (x, i) => BigInt(x) * (i % 2 ? 2n ** 32n : -(2n ** 32n)));
  const arrays = new Map<string, NamedArray>([
    ['features', { shape: [ROWS, 3], data: floats }],
    [
      'pairs',
      {
        shape: [ROWS, 2],
        dtype: 'float16',
        data: Uint16Array.from({ length: ROWS * 2 }, (_, i) => i % 0x7c00),
      },
    ],
    ['one', { shape: [ROWS, 1], data: Float64Array.from(integer(30), (x) => x / 3) }],
    one(
      'float64',
      Float64Array.from(integer(30), (x) => 1 / x),
    ),
    one('bool', Uint8Array.from(integer(1))),
    one('int8', Int8Array.from(integer(8))),
    one('int16', Int16Array.from(integer(16))),
    one(
      'int32',
      Int32Array.from(integer(31), (x) => -x),
    ),
    one('int64', longs),
    one('uint8', Uint8Array.from(integer(8))),
    one('uint16', Uint16Array.from(integer(16))),
    one('uint32', Uint32Array.from(integer(32))),
    one('uint64', BigUint64Array.from(longs)),
  ]);
  return { arrays, words: Array.from({ length: ROWS }, (_, i) => WORDS[i % WORDS.length]!) };
}

const { arrays, words } = table();
const columns: TableColumns = new Map<string, NamedArray | readonly string[]>([...arrays, ['words', words]]);
const files = {
  'table.csv': encodeCsv(columns),
  'table.parquet': encodeParquet(columns, { made: 'für Tests' }),
};

describe('tables that are written', () => {
  it('are read back as they were: Parquet', async () => {
    const file = await openArrays(files['table.parquet'], { name: 'table.parquet' });
    expect(file.metadata).toEqual({ made: 'für Tests' });
    for (const [name, { data, shape, dtype }] of arrays) {
      const read = await file.read(name);
      expect({ name, ...read }).toEqual({ name, shape, data, dtype: dtype ?? read.dtype });
    }
    expect(await file.readTexts('words')).toEqual(words);
    expect(await file.readTexts('words', { start: 8190, end: 8195 })).toEqual(words.slice(8190, 8195));
  });

  it('are read back as they were: CSV', async () => {
    const file = await openArrays(files['table.csv'], { name: 'table.csv' });
    const { data } = arrays.get('features')!;
    for (const i of [0, 1, 2]) {
      const read = await file.read(`features_${i}`);
      const column = Float32Array.from({ length: ROWS }, (_, row) => data[row * 3 + i] as number);
      expect(Float32Array.from(read.data as Float64Array)).toEqual(column);
    }
    expect((await file.read('float64')).data).toEqual(arrays.get('float64')!.data);
    expect(await file.readTexts('words')).toEqual(words);
    expect(new TextDecoder().decode(files['table.csv'].subarray(0, 600))).toMatch(
      /\nnan,inf,-inf,0,.*\n-0.0,1.4013e-45,/,
    );
  });

  it('are those that pandas and pyarrow have read exactly', () => {
    const verified = JSON.parse(readFileSync(golden('written_tables.json'), 'utf8'));
    for (const [name, bytes] of Object.entries(files))
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(verified[name]);
  });

  it('are read so by the Python that is here', (context) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with pyarrow and pandas');
      return context.skip('no LONGTAIL_PYTHON');
    }
    const folder = mkdtempSync(join(tmpdir(), 'longtail-written-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    for (const [name, array] of arrays) writeFileSync(join(folder, `${name}.npy`), encodeNpy(array));
    writeFileSync(join(folder, 'words.json'), JSON.stringify(words));
    const verified = execFileSync(python, [golden('written_tables.py'), folder]).toString();
    expect(JSON.parse(verified)).toEqual(JSON.parse(readFileSync(golden('written_tables.json'), 'utf8')));
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('open as features with labels and names', async () => {
    const set = new Map<string, NamedArray | string[]>([
      ['features', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['label', ['dog', 'cat']],
    ]);
    for (const bytes of [encodeCsv(set), encodeParquet(set)]) {
      const name = bytes[0] === 0x50 ? 'set.parquet' : 'set.csv';
      expect(await opened(bytes, { name })).toMatchObject({
        ...{ rows: [1, 2, 3, 4], labels: [1, 0], classNames: ['cat', 'dog'], dim: 2, notes: [] },
      });
    }
    const none = encodeParquet(new Map([['x', { shape: [0, 3], data: new Float32Array(0) }]]));
    expect((await openArrays(none, { name: 'none.parquet' })).arrays).toMatchObject([
      { name: 'x', dtype: 'float32' },
    ]);
  });

  it.each([
    [{ a: { shape: [2], data: new Float32Array(2) }, b: ['x'] }, /2 rows in "a" and 1 in "b"/],
    [{}, /columns of one length, but got none/],
    [
      { a: { shape: [1, 1, 2], data: new Float32Array(2) } },
      /numbers \[n\] or \[n, dim\] in "a", but got float32 \[1,1,2\]/,
    ],
    [{ a: { shape: [2], dtype: 'bfloat16', data: new Uint16Array(2) } }, /convert it with float32Of/],
    [{ a: ['x', 1 as never] }, /texts in "a", but row 1 is number/],
  ] as [Record<string, NamedArray | string[]>, RegExp][])('are refused: %#', (given, message) => {
    for (const encode of [encodeCsv, encodeParquet]) {
      expect(() => encode(new Map(Object.entries(given)))).toThrow(message);
      expect(() => encode(new Map(Object.entries(given)))).toThrow(InputError);
    }
  });
});
