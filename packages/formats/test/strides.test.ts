/** Arrays whose rows do not lie together: gathered from pieces, of which no more is read than is needed. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { elementType, TYPED_ARRAYS } from '../src/element-type.ts';
import { openArrays } from '../src/index.ts';
import { readRows } from '../src/read-array.ts';
import { inMemory, type Source } from '../src/source.ts';
import { elements, extentOf } from '../src/stored-array.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-strides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function counting(source: Source): Source & { reads: number; bytes: number } {
  const counted = {
    ...source,
    reads: 0,
    bytes: 0,
    read(offset: number, length: number) {
      counted.reads++;
      counted.bytes += length;
      return source.read(offset, length);
    },
  };
  return counted;
}

/** Where the element at `index`, in C order, lies. */
function placeOf(index: number, shape: readonly number[], strides: readonly number[]): number {
  let [place, rest] = [0, index];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place += (rest % shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}
const naive = (
  numbers: ArrayLike<number>,
  shape: readonly number[],
  strides: readonly number[],
  start: number,
) => Array.from({ length: elements(shape) }, (_, i) => numbers[start + placeOf(i, shape, strides)]);

describe('views', () => {
  it('of any shape, strides and offset are what their definition says', async () => {
    const axes = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat({ max: 40 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(
        axes,
        fc.constantFrom('uint8', 'int16', 'float32', 'float64'),
        fc.nat({ max: 9 }),
        async (axes, name, at) => {
          const [shape, strides] = [axes.map(([size]) => size), axes.map(([, stride]) => stride)];
          const type = elementType(name);
          const length = at + Math.max(1, extentOf(shape, strides));
          const numbers = new TYPED_ARRAYS[name](length).map((_, i) => i % 251);
          const source = inMemory(new Uint8Array(numbers.buffer), 'view');
          const array = { name: '', shape, strides, type, typeName: name, source, offset: at * type.bytes };
          expect([...(await readRows(array, 0, shape[0]!))]).toEqual(naive(numbers, shape, strides, at));
          if (shape[0]! > 1) {
            const rows = [shape[0]! - 1, ...shape.slice(1)];
            expect([...(await readRows(array, 1, shape[0]!))]).toEqual(
              naive(numbers, rows, strides, at + strides[0]!),
            );
          }
        },
      ),
    );
  });
});

describe('rows of 64 MiB', () => {
  const [n, dim] = [2 ** 18, 64];
  const numbers = Float32Array.from({ length: n * dim }, (_, i) => i % 65_521);
  const memory = inMemory(new Uint8Array(numbers.buffer), 'large');
  const array = (shape: number[], strides: number[]) => {
    const source = counting(memory);
    return { name: '', shape, strides, type: elementType('float32'), typeName: 'float32', source, offset: 0 };
  };

  it('in Fortran order take a read a column', async () => {
    const fortran = array([n, dim], [1, n]);
    const rows = await readRows(fortran, 1000, 1100);
    expect([...rows]).toEqual(naive(numbers, [100, dim], [1, n], 1000));
    expect(fortran.source).toMatchObject({ reads: dim, bytes: 100 * dim * 4 });
    const whole = await readRows(fortran, 0, n);
    expect(whole[(n - 1) * dim + 7]).toBe(numbers[7 * n + n - 1]);
    expect(fortran.source.bytes).toBe(100 * dim * 4 + numbers.byteLength);
  });

  it('that are one column take a read a piece', async () => {
    const column = array([n], [dim]);
    expect([...(await readRows(column, 0, n))]).toEqual(naive(numbers, [n], [dim], 0));
    expect(column.source.reads).toBeLessThanOrEqual(5);
  });

  it('that are transposed, or every other, are gathered in pieces', async () => {
    const transposed = array([dim, n], [1, dim]);
    expect((await readRows(transposed, 3, 4)).subarray(0, 9)).toEqual(
      Float32Array.from(naive(numbers, [9], [dim], 3) as number[]),
    );
    const other = array([n / 2, 2, dim / 2], [2 * dim, 33, 1]);
    const found = await readRows(other, 0, n / 2);
    for (const i of [0, 31, 32, 65, found.length - 1])
      expect(found[i]).toBe(numbers[placeOf(i, [n / 2, 2, dim / 2], [2 * dim, 33, 1])]);
  });
});

describe('a large file in Fortran order', () => {
  it('is read by rows in the memory of those', async () => {
    const [rows, columns] = [2 ** 20, 300]; // float32: 1.2 GiB
    const text = `{'descr': '<f4', 'fortran_order': True, 'shape': (${rows}, ${columns}), }`.padEnd(117);
    const head = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(`${text}\n`)]);
    const path = join(folder, 'fortran.npy');
    const file = openSync(path, 'w');
    ftruncateSync(file, head.length + rows * columns * 4);
    writeSync(file, head, 0, head.length, 0);
    for (const column of [0, 299])
      writeSync(
        file,
        Buffer.from(Float32Array.of(column + 0.5).buffer),
        0,
        4,
        head.length + (column * rows + 77) * 4,
      );
    closeSync(file);
    const before = process.resourceUsage().maxRSS;
    const opened = await openArrays(path);
    const { data } = await opened.read('', { start: 76, end: 79 });
    expect([data[columns], data[2 * columns - 1], data[0]]).toEqual([0.5, 299.5, 0]);
    await opened.close();
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024);
  });
});
