import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { encodeParquet, type NamedArray, openArrays, openFeatures } from '../src/index.ts';
import { lz4Block, lz4Hadoop } from '../src/parquet/lz4.ts';
import { golden } from './golden.ts';
import { oddTables } from './odd-tables.ts';
import { opened, written } from './written.ts';

const odd = (name: string) => written(name, oddTables.find((table) => table.name === name)!.bytes);

describe('a value outside its declared type', () => {
  it.each([
    ['int8', Int8Array.of(1, 77), 77, 85012],
    ['uint16', Uint16Array.of(1, 770), 770, -1],
  ] as const)('is refused by column and row: %s', async (_, data, old, value) => {
    const bytes = Buffer.from(encodeParquet(new Map([['x', { shape: [2], data } as NamedArray]])));
    const at = bytes.indexOf(Buffer.from(Int32Array.of(old).buffer));
    bytes.writeInt32LE(value, at);
    const path = written('outside.parquet', bytes);
    const set = await openFeatures(path);
    await expect(set.rows(0, 2)).rejects.toThrow(
      `in the column "x", but row 1 holds ${value}, which is none`,
    );
    await set.close();
  });
});

describe('what Parquet is written with', () => {
  it.for(['delta', 'lz4', 'empty_row_group'])('is read: %s', async (name, context) => {
    const path = sharedOrSkip(context, `data/strangers/${name}.parquet`);
    const file = await openArrays(path);
    for (const { name, dtype } of file.arrays)
      expect(dtype && (await file.read(name)).data.length).toBeGreaterThan(0);
    await file.close();
    const { dim, rows } = await opened(path);
    expect(rows.length).toBe(dim * 6);
  });

  it('is read from the files made here', async () => {
    expect(await opened(golden('lz4.parquet'))).toMatchObject({ rows: [1] });
    expect(await opened(golden('delta.parquet'))).toMatchObject({ rows: [1, 2] });
    expect(await opened(golden('others.parquet'))).toMatchObject({
      ...{ rows: [1, 1, 2, 2, 1, 2], notes: ['"day" is left out: no numbers.'] },
    });
    expect(await opened(golden('null.parquet'), { nulls: 'nan' })).toMatchObject({
      rows: [0.5, Number.NaN, 1.5],
    });
  });

  it('is read exactly beyond 2^53, and refused where an integer is missing', async () => {
    const data = BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n));
    const bytes = encodeParquet(new Map([['x', { shape: [2], data } as NamedArray]]));
    const file = await openArrays(bytes, { name: 'x.parquet' });
    expect(await file.read('x')).toEqual({ dtype: 'int64', shape: [2], data });
    const holes = await openArrays(odd('delta-1.0.parquet'), { nulls: 'nan' });
    await expect(holes.read('holes')).rejects.toThrow(
      /expected a value, because int32 has no NaN, in the column "holes" at row 0/,
    );
    const set = await openFeatures(odd('delta-1.0.parquet'), { features: 'holes', nulls: 'nan' });
    expect((await set.rows(0, 2))[0]).toBe(Number.NaN);
    await set.close();
    await file.close();
  });

  it('is refused with what to do where it is decimals', async () => {
    await expect(openFeatures(odd('odd.parquet'))).rejects.toThrow(
      /expected numbers in the column "price", but it holds DECIMAL; convert it to float/,
    );
    expect(await opened(odd('odd.parquet'), { features: 'struct.a' })).toMatchObject({ rows: [0, 1, 2, 3] });
    await expect(openFeatures(odd('odd.parquet'), { features: 'day' })).rejects.toThrow(/but it holds DATE/);
  });

  it('gives the list as the embedding, and says what is beside it', async () => {
    const set = await opened(odd('polars.parquet'));
    expect(set.dim).toBe(4);
    expect(set.notes).toEqual([
      '"word" is left out: no numbers.',
      '"id" is left out: beside the list "emb"; name `features` to take more.',
    ]);
    const pandas = await opened(odd('pandas.parquet'), { nulls: 'nan' });
    expect(pandas).toMatchObject({ dim: 1, classNames: ['x', 'y'] });
    expect(pandas.notes[0]).toMatch(/^"__index_level_0__" is left out: an index/);
  });
});

describe('a list in the place of labels', () => {
  const list = (...data: number[]): NamedArray => ({ shape: [2, 2], data: Float32Array.from(data) });
  const columns = new Map<string, NamedArray>([
    ['emb', list(1, 2, 3, 4)],
    ['targets', list(0, 1, 1, 0)],
  ]);
  const path = () => written('targets.parquet', encodeParquet(columns));

  it('is neither labels nor a feature, with sentences, unless it is named', async () => {
    expect(await opened(path())).toMatchObject({
      ...{ rows: [1, 2, 3, 4], dim: 2, labels: undefined },
      notes: [
        'at row 0 the column "targets" holds a list, so it is no label; name the labels with `labels`.',
        '"targets" is left out: lists in the place of labels; name `features` to take more.',
      ],
    });
    expect(await opened(path(), { labels: false })).toMatchObject({ dim: 2, labels: undefined });
    expect(await opened(path(), { features: ['emb', 'targets'], labels: false })).toMatchObject({ dim: 4 });
    await expect(openFeatures(path(), { labels: 'targets' })).rejects.toThrow(
      /labels as integers or texts, but/,
    );
  });
});

describe('LZ4', () => {
  // "abcd" as literals, then 8 bytes copied from 4 before, then "e".
  const block = Uint8Array.of(0x44, 97, 98, 99, 100, 4, 0, 0x10, 101);
  const text = new TextEncoder().encode('abcdabcdabcde');

  it('is what was compressed, with and without the frame of Hadoop', () => {
    expect(lz4Block(block, 13)).toEqual(text);
    expect(lz4Hadoop(block, 13)).toEqual(text);
    const framed = Uint8Array.of(0, 0, 0, 13, 0, 0, 0, 9, ...block);
    expect(lz4Hadoop(Uint8Array.of(...framed, ...framed), 26)).toEqual(Uint8Array.of(...text, ...text));
  });

  it('is refused where it does not make the promised bytes', () => {
    for (const full of [0, 12, 14, 2 ** 20]) expect(lz4Block(block, full)).toBe(undefined);
    for (let i = 0; i < block.length; i++) expect(lz4Block(block.subarray(0, i), 13)).toBe(undefined);
    expect(lz4Block(Uint8Array.of(0x4f, 97, 98, 99, 100, 4, 0, 255, 255), 600)).toBe(undefined); // no end of a length
    expect(lz4Block(Uint8Array.of(0x10, 97, 5, 0), 5)).toBe(undefined); // from before the start
    expect(lz4Block(Uint8Array.of(0x10, 97, 0, 0), 5)).toBe(undefined); // from 0 bytes before
  });
});

it('texts that are missing are undefined as bytes, and refused as texts and labels, by their row', async () => {
  const path = odd('snappy-2.0.parquet');
  const file = await openArrays(path);
  const bytes = await file.readBytes('nothing');
  expect(bytes[0]).toBe(undefined);
  expect(bytes[1]).toBeInstanceOf(Uint8Array);
  await expect(file.readTexts('nothing')).rejects.toThrow(
    /expected text, and not nothing, in the column "nothing" at row 0/,
  );
  await file.close();
  await expect(openFeatures(path, { features: 'int8', labels: 'nothing' })).rejects.toThrow(
    /"nothing" at row 0/,
  );
});

it('a text is read without the other pages of its row group, and from memory when it is asked for again', async () => {
  const bytes = oddTables.find(({ name }) => name === 'snappy-1.0.parquet')!.bytes;
  const sizes: number[] = [];
  const file = await openArrays({
    path: 'counted.parquet',
    size: bytes.length,
    read: async (offset, length) => {
      sizes.push(length);
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
    close: async () => {},
  });
  const whole = await file.readBytes('bytes');
  const reads = sizes.length;
  await file.readBytes('bytes', { start: 28, end: 29 });
  expect(sizes.length).toBe(reads);
  const other = await openArrays(written('counted.parquet', bytes));
  for (const row of [28, 0, 9, 10, 11, 3])
    expect(await other.readBytes('bytes', { start: row, end: row + 1 })).toEqual([whole[row]]);
  await other.close();
});
