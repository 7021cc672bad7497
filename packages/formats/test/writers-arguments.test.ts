/** What the writers are handed: a file is written as it was meant, or not at all. */
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import * as formats from '../src/index.ts';

const { encodeCsv, encodeNpy, encodeParquet, encodeSafetensors, encodeTorch } = formats;
const w = { shape: [2], data: Float32Array.of(0.5, 1.5) };

const WRITERS = { encodeTorch, encodeSafetensors, encodeCsv, encodeParquet } as const;

describe.each(Object.entries(WRITERS))('%s', (_, encode) => {
  it('writes a plain object as it writes a Map', () => {
    const other = { shape: [2], data: Int32Array.of(7, 8) };
    expect(encode({ w, other })).toEqual(
      encode(
        new Map([
          ['w', w],
          ['other', other as never],
        ]),
      ),
    );
    expect(encode(Object.assign(Object.create(null), { w }))).toEqual(encode({ w }));
  });

  it.each([
    undefined,
    null,
    5,
    'w',
    [['w', w]],
    [w],
    new Set([w]),
    new Date(),
    w.data,
    new Map([[1, w]]),
    new Map([[undefined, w]]),
    { w: null },
    { w: undefined },
    { w: w.data },
    { w: 5 },
  ])('refuses %j', (given) => {
    expect(() => encode(given as never)).toThrow(InputError);
    expect(() => encode(given as never)).toThrow(/^expected [^\n]+\.$/);
  });
});

describe('an array', () => {
  it.each([
    [{ shape: [-1, -2], data: w.data }, /shape of whole numbers from 0 in .*, but got -1/],
    [{ shape: [1.5, 2], data: Float32Array.of(1, 2, 3) }, /whole numbers from 0 in .*, but got 1\.5/],
    [{ shape: [2, Number.NaN], data: w.data }, /whole numbers from 0/],
    [{ shape: ['2'], data: w.data }, /whole numbers from 0 in .*, but got "2"/],
    [{ data: w.data }, /a shape, such as \[n, dim\], in .*, but got undefined/],
    [{ shape: 2, data: w.data }, /a shape, such as/],
    [{ shape: [3], data: w.data }, /3 elements for the shape \[3\] in .*, but got 2/],
    [{ shape: [2] }, /a typed array of numbers in .*, but got Undefined/],
    [{ shape: [2], data: [1, 2] }, /a typed array of numbers in .*, but got Array/],
    [{ ...w, dtype: 'toString' }, /one of float16, .* as the dtype in .*, but got "toString"/],
    [{ ...w, dtype: 'int32' }, /a typed array of int32 in .*, but got Float32Array/],
    [{ ...w, dtype: null }, /as the dtype in .*, but got null/],
    [{ shape: [2], dtype: 'bool', data: Uint8Array.of(1, 2) }, /0 and 1 as bools in .*, but got 2/],
    [null, /expected \{ shape, data \} in .*, but got null/],
    [undefined, /expected \{ shape, data \} in .*, but got undefined/],
  ])('%j is refused', (array, message) => {
    for (const write of [
      () => encodeNpy(array as never),
      () => formats.float32Of(array as never),
      ...Object.values(WRITERS).map((encode) => () => encode({ w: array } as never)),
    ]) {
      expect(write).toThrow(InputError);
      expect(write).toThrow(message);
    }
  });
});

it.each([{ a: 5 }, { a: undefined }, null, 'text', 5, ['a'], new Map([['a', 'b']])])(
  'metadata of %j is refused',
  (metadata) => {
    for (const encode of [encodeSafetensors, encodeParquet]) {
      expect(() => encode({ w }, metadata as never)).toThrow(InputError);
      expect(() => encode({ w }, metadata as never)).toThrow(
        /expected metadata as a plain object of strings/,
      );
    }
  },
);
