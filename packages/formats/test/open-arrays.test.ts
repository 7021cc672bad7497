/** The one door to every format: names, types, shapes, metadata, rows by range. */
import { DataError, InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeNpy, encodeSafetensors, float32Of, openArrays } from '../src/index.ts';
import { FEATURES, golden, LABELS } from './golden.ts';

const rows = (start: number, end: number): Float32Array => FEATURES.slice(start * 6, end * 6);

describe('arrays of every format', () => {
  it.each([
    ['f2.npy', '', 'float16', ['']],
    ['f4-big.npy', '', 'float32', ['']],
    ['fortran.npy', '', 'float32', ['']],
    ['stored.npz', 'feats', 'float16', ['feats', 'labels', 'idxs']],
    ['deflated.npz', 'feats', 'float32', ['feats', 'labels']],
    ['half.safetensors', 'features', 'float16', ['features', 'labels', 'other']],
    ['protocol-2.pkl', 'feats', 'float32', ['feats', 'labels', 'idxs']],
    ['more.pkl', 'embeddings', 'float64', ['epoch', 'best', 'paths', 'nested', 'embeddings', 'y']],
    ['array.pkl', '', 'float32', ['']],
    ['fortran.pkl', 'feats', 'float32', ['feats']],
  ] as const)('%s', async (name, array, dtype, names) => {
    const file = await openArrays(golden(name));
    expect(file.path).toBe(golden(name));
    expect(file.arrays.map((entry) => entry.name)).toEqual(names);
    expect(file.arrays.find((entry) => entry.name === array)).toMatchObject({ dtype, shape: [40, 6] });
    const whole = await file.read(array);
    expect(whole).toMatchObject({ dtype, shape: [40, 6] });
    expect(float32Of(whole)).toEqual(FEATURES);
    for (const [start, end] of [
      [0, 40],
      [0, 1],
      [13, 29],
      [39, 40],
      [5, 5],
    ] as const) {
      const part = await file.read(array, { start, end });
      expect(part.shape).toEqual([end - start, 6]);
      expect(float32Of(part)).toEqual(rows(start, end));
    }
    expect(float32Of(await file.read(array, { start: 38 }))).toEqual(rows(38, 40));
    expect(float32Of(await file.read(array, { end: 2 }))).toEqual(rows(0, 2));
    for (const range of [
      { start: -1 },
      { end: 41 },
      { start: 3, end: 2 },
      { start: 0.5 },
      { end: Number.NaN },
    ])
      await expect(file.read(array, range)).rejects.toThrow(InputError);
    await expect(file.read('none')).rejects.toThrow(/expected an array "none", but the file holds/);
    if (names.length > 1)
      await expect(file.read()).rejects.toThrow(/expected one array, but the file holds "/);
    await file.close();
  });

  it('columns of tables as they are stored', async () => {
    const file = await openArrays(golden('fixed.parquet'));
    expect(file.arrays.slice(1)).toEqual([
      { name: 'features', dtype: 'float32', typeName: 'float32', shape: [40, 6] },
      { name: 'label', dtype: 'int64', typeName: 'int64', shape: [40] },
    ]);
    expect(float32Of(await file.read('features', { start: 30 }))).toEqual(rows(30, 40));
    expect(await file.read('label', { end: 3 })).toEqual({
      ...{ dtype: 'int64', shape: [3] },
      data: BigInt64Array.from(LABELS.subarray(0, 3), BigInt),
    });
    await file.close();
  });

  it('what a file says of itself', async () => {
    for (const [name, metadata] of [
      ['half.safetensors', { by: 'hand' }],
      ['f4.npy', {}],
    ] as const) {
      const file = await openArrays(golden(name));
      expect(file.metadata).toEqual(metadata);
      await file.close();
    }
  });

  it('one number has no rows', async () => {
    const bytes = encodeNpy({ shape: [], data: Float64Array.of(2.5) });
    const file = await openArrays(bytes, { name: 'one.npy' });
    expect(await file.read()).toEqual({ dtype: 'float64', shape: [], data: Float64Array.of(2.5) });
    await expect(file.read('', { start: 0 })).rejects.toThrow(/expected rows in "", but it is one number/);
  });

  it('objects and records of NumPy are listed, and refused when they are asked for', async () => {
    for (const [descr, type] of [
      ["'|O'", 'pickled objects'],
      ["'<U7'", "NumPy's <U7"],
      ["[('a', '<f4')]", 'a record'],
    ]) {
      const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (3,), }`.padEnd(117);
      const bytes = Buffer.concat([
        Buffer.from(`\x93NUMPY\x01\x00v\x00${text}\n`, 'latin1'),
        Buffer.alloc(99),
      ]);
      const file = await openArrays(bytes, { name: 'odd.npy' });
      expect(file.arrays).toMatchObject([{ dtype: undefined, typeName: type, shape: [3] }]);
      await expect(file.read()).rejects.toThrow(`expected numbers in "", but it is ${type}`);
      await expect(file.read()).rejects.toThrow(DataError);
    }
  });

  it("sizes as Python 2's NumPy wrote them", async () => {
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }".padEnd(117);
    const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${text}\n`, 'latin1');
    const file = await openArrays(Buffer.concat([head, Buffer.from(FEATURES.slice(0, 6).buffer)]), {
      name: 'old.npy',
    });
    expect(await file.read()).toEqual({ dtype: 'float32', shape: [2, 3], data: FEATURES.slice(0, 6) });
  });
});

describe('safetensors', () => {
  const file = (entries: Record<string, [dtype: string, shape: number[], bytes: number]>): Buffer => {
    let at = 0;
    const header = Object.fromEntries(
      Object.entries(entries).map(([name, [dtype, shape, bytes]]) => {
        at += bytes;
        return [name, { dtype, shape, data_offsets: [at - bytes, at] }];
      }),
    );
    const json = Buffer.from(JSON.stringify(header));
    return Buffer.concat([
      Buffer.from(BigUint64Array.of(BigInt(json.length)).buffer),
      json,
      Buffer.alloc(at, 1),
    ]);
  };

  it('of types that are unknown here are listed, and refused when they are asked for', async () => {
    const bytes = file({
      a: ['F8_E4M3', [2, 2], 4],
      b: ['I8', [3], 3],
      c: ['C64', [1], 8],
      d: ['F4', [4], 2],
    });
    const opened = await openArrays(bytes, { name: 'odd.safetensors' });
    expect(opened.arrays).toEqual([
      { name: 'a', dtype: undefined, typeName: 'F8_E4M3', shape: [2, 2] },
      { name: 'b', dtype: 'int8', typeName: 'int8', shape: [3] },
      { name: 'c', dtype: undefined, typeName: 'C64', shape: [1] },
      { name: 'd', dtype: undefined, typeName: 'F4', shape: [4] },
    ]);
    expect((await opened.read('b')).data).toEqual(Int8Array.of(1, 1, 1));
    await expect(opened.read('a')).rejects.toThrow('expected numbers in "a", but it is F8_E4M3.');
    expect(() => decodeSafetensors(bytes)).toThrow(/"a" has the unknown dtype F8_E4M3/);
  });

  it('keep every name but their own', async () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    const bytes = encodeSafetensors(new Map([['__proto__', one]]));
    expect(decodeSafetensors(bytes).arrays.get('__proto__')?.data).toEqual(one.data);
    expect((await openArrays(bytes, { name: 'a.safetensors' })).arrays[0]?.name).toBe('__proto__');
    expect(() => encodeSafetensors(new Map([['__metadata__', one]]))).toThrow(InputError);
  });
});
