/** Rows that lie in several files are the rows of one array, read in any way; and files that do not fit are refused by name. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError, LongtailError } from '@longtail/core';
import { drawn, testArguments } from '@longtail/test-support';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeSafetensors, float16Of, float32Of } from '../src/index.ts';
import { openRowShards } from '../src/row-shards.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-shards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DIM = 3;
/** Of 4, 0, 1 and 5 rows. */
const COUNTS = [4, 0, 1, 5];
const all = drawn('shards', 10 * DIM, [-1, 1]);

function written(name: string, dtype: 'float16' | 'float32'): string[] {
  let start = 0;
  return COUNTS.map((count, i) => {
    const own = all.slice(start * DIM, (start + count) * DIM);
    start += count;
    const shape = [count, DIM];
    const features =
      dtype === 'float16' ? { dtype, shape, data: float16Of({ shape, data: own }) } : { shape, data: own };
    const path = join(folder, `${name}-${i}.safetensors`);
    writeFileSync(path, encodeSafetensors({ before: { shape: [1], data: Uint8Array.of(1) }, features }));
    return path;
  });
}
const [single, half] = [written('single', 'float32'), written('half', 'float16')];
const expected = {
  float32: all,
  float16: float32Of({
    dtype: 'float16',
    shape: [10, DIM],
    data: float16Of({ shape: [10, DIM], data: all }),
  }),
};

describe.each([
  ['float32', single],
  ['float16', half],
] as const)('rows of %s', (dtype, paths) => {
  it('are those of one array: by ranges, by indices, across files', () => {
    using shards = openRowShards(paths);
    expect(shards).toMatchObject({ length: 10, dim: DIM, dtype });
    const row = (i: number) => [...expected[dtype].subarray(i * DIM, (i + 1) * DIM)];
    const index = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(index, index, (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect([...shards.rows(start, end)]).toEqual([...expected[dtype].subarray(start * DIM, end * DIM)]);
      }),
    );
    fc.assert(
      fc.property(fc.array(index), (indices) => {
        expect([...shards.at(indices)]).toEqual(indices.flatMap(row));
      }),
    );
  });

  it('differ from what was written by half a unit in the last place at most', () => {
    using shards = openRowShards(paths);
    const most = dtype === 'float16' ? 2 ** -11 : 0; // of values below 1, by rounding to nearest
    expect(shards.rows(0, 10).every((x, i) => Math.abs(x - all[i]!) <= most)).toBe(true);
  });

  it("are what Python's safetensors finds in the files", ({ skip }) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with safetensors');
      return skip('no LONGTAIL_PYTHON');
    }
    const program = `import json, sys, numpy as np
from safetensors.numpy import load_file
rows = np.concatenate([load_file(p)["features"] for p in sys.argv[1:]])
print(json.dumps([rows.dtype.name, rows.astype("float32").reshape(-1).tolist()]))`;
    const [name, values] = JSON.parse(execFileSync(python, ['-c', program, ...paths], { encoding: 'utf8' }));
    expect(name).toBe(dtype);
    expect(Float32Array.from(values)).toEqual(Float32Array.from(expected[dtype]));
  });
});

it('says in which file a row lies', () => {
  using shards = openRowShards(single);
  const places = [0, 3, 4, 5, 9].map((row) => shards.place(row));
  const at = (file: number, row: number) => ({ path: single[file], row });
  expect(places).toEqual([at(0, 0), at(0, 3), at(2, 0), at(3, 0), at(3, 4)]);
});

it('is refused with the name of the file', () => {
  const copy = (name: string, change: (path: string) => void): string => {
    const path = join(folder, `${name}.safetensors`);
    writeFileSync(path, readFileSync(single[0]!));
    change(path);
    return path;
  };
  const other = (name: string, arrays: Parameters<typeof encodeSafetensors>[0]): string =>
    copy(name, (path) => writeFileSync(path, encodeSafetensors(arrays)));
  const wide = other('wide', { features: { shape: [1, 2], data: new Float32Array(2) } });
  const wrong: [string[], RegExp][] = [
    [[single[0]!, join(folder, 'none.safetensors')], /none\.safetensors, but it is not there/],
    [
      [copy('cut', (path) => truncateSync(path, readFileSync(path).length - 1))],
      /cut\.safetensors.*ends 1 bytes/,
    ],
    [[copy('short', (path) => truncateSync(path, 5))], /short\.safetensors.*ends 3 bytes/],
    [[copy('text', (path) => writeFileSync(path, '{"features": []}'))], /text\.safetensors.*header claims/],
    [[other('named', { rows: { shape: [1, 1], data: new Float32Array(1) } })], /named.*no array "features"/],
    [[other('whole', { features: { shape: [1, 1], data: new Int32Array(1) } })], /whole.*int32 \[1,1\]/],
    [[single[0]!, wide], /float32 \[n, 3\] and those of .*wide\.safetensors float32 \[n, 2\]/],
    [[half[0]!, single[0]!], /float16 \[n, 3\].*float32 \[n, 3\]/],
  ];
  for (const [paths, message] of wrong) {
    expect(() => openRowShards(paths)).toThrow(DataError);
    expect(() => openRowShards(paths)).toThrow(message);
  }
});

it('gives nothing after it is closed, and no row that is not there', () => {
  const shards = openRowShards(single);
  for (const [start, end] of [
    [-1, 2],
    [0, 11],
    [2, 1],
    [0, 0.5],
  ] as const)
    expect(() => shards.rows(start, end)).toThrow(InputError);
  for (const indices of [[10], [-1], [0.5], [Number.NaN]])
    expect(() => shards.at(indices)).toThrow(InputError);
  shards.close();
  shards.close();
  expect(() => shards.rows(0, 1)).toThrow(/is closed/);
});

testArguments(
  {
    openRowShards: [
      (paths: never, options: never) => {
        using shards = openRowShards(paths, options);
        return shards.rows(0, 1);
      },
      single,
      { name: 'features' },
    ],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
