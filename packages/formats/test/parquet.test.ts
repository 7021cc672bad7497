import { readFileSync } from 'node:fs';
import { fuzzing } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFeatures } from '../src/index.ts';
import { runLengthValues } from '../src/parquet/run-length.ts';
import { unsnapped } from '../src/parquet/snappy.ts';
import { structEnd } from '../src/parquet/thrift.ts';
import { golden } from './golden.ts';

const { runs, seed } = fuzzing({ runs: 200 });

/** Values of `width` bits in one large integer, the first lowest: packed bits by their definition. */
function packed(values: readonly number[], width: number): number[] {
  const all = values.reduceRight((bits, value) => (bits << BigInt(width)) | BigInt(value), 0n);
  const size = (values.length * width) / 8;
  return Array.from({ length: size }, (_, i) => Number((all >> BigInt(8 * i)) & 255n));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}

describe('runLengthValues', () => {
  const pieces = fc.integer({ min: 1, max: 32 }).chain((width) => {
    const value = fc.integer({ min: 0, max: 2 ** width - 1 });
    const run = fc.record({ value, times: fc.integer({ min: 1, max: 300 }) });
    const groups = fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.array(value, { minLength: 8 * n, maxLength: 8 * n }));
    return fc.tuple(fc.constant(width), fc.array(fc.oneof(run, groups), { minLength: 1, maxLength: 8 }));
  });

  it('reads any runs and packed groups of any width', () => {
    fc.assert(
      fc.property(pieces, ([width, parts]) => {
        const bytes = parts.flatMap((part) =>
          Array.isArray(part)
            ? [...varint((part.length / 8) * 2 + 1), ...packed(part, width)]
            : [...varint(part.times * 2), ...packed([part.value], 8 * Math.ceil(width / 8))],
        );
        const values = parts.flatMap((p) => (Array.isArray(p) ? p : Array<number>(p.times).fill(p.value)));
        const read = (from: readonly number[]) =>
          runLengthValues(Uint8Array.from(from), width, values.length);
        expect(read(bytes)).toEqual(Uint32Array.from(values));
        expect(read(bytes.slice(0, -1))).toBe(undefined);
      }),
      { numRuns: runs, seed },
    );
  });

  it('takes of a run that claims 2^31 values only those that are wanted', () => {
    expect(runLengthValues(Uint8Array.from([...varint(2 ** 32), 5]), 3, 4)).toEqual(
      Uint32Array.of(5, 5, 5, 5),
    );
    expect(runLengthValues(Uint8Array.from([0, 0, 0, 0]), 0, 1)).toBe(undefined);
    expect(runLengthValues(new Uint8Array(), 0, 0)).toEqual(new Uint32Array());
  });
});

describe('unsnapped', () => {
  const { whole, compressed } = JSON.parse(readFileSync(golden('snappy.json'), 'utf8'));
  const [full, input] = [Buffer.from(whole, 'hex'), Buffer.from(compressed, 'hex')];

  it('is what was compressed', () => {
    expect(Buffer.compare(unsnapped(input, full.length)!, full)).toBe(0);
  });

  it('refuses what does not make the promised bytes, also where a length would go backwards', () => {
    for (let i = 0; i < input.length; i += 7)
      expect(unsnapped(input.subarray(0, i), full.length)).toBe(undefined);
    expect(unsnapped(input, full.length - 1)).toBe(undefined);
    expect(unsnapped(input, full.length + 1)).toBe(undefined);
    expect(unsnapped(Uint8Array.of(4, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0, 0), 4)).toBe(undefined);
    expect(unsnapped(Uint8Array.of(4, 0x01, 0x00), 4)).toBe(undefined); // a copy from 0 bytes before
  });
});

describe('structEnd', () => {
  it('refuses lists longer than their file, endless integers, and depth without end', () => {
    expect(structEnd(Uint8Array.of(0x15, 2, 0), 0)).toBe(3); // {1: i32}
    expect(structEnd(Uint8Array.of(0x19, 0xf5, 0xff, 0xff, 0xff, 0x07, 0), 0)).toBe(undefined);
    expect(structEnd(Uint8Array.of(0x15, ...Array(20).fill(0xff), 0), 0)).toBe(undefined);
    expect(structEnd(new Uint8Array(100_000).fill(0x1c), 0)).toBe(undefined);
    expect(structEnd(new Uint8Array(100_000).fill(0x19), 0)).toBe(undefined);
    expect(structEnd(new Uint8Array(), 0)).toBe(undefined);
  });
});

describe('a Parquet file', () => {
  it('gives columns of several kinds in one order', async () => {
    const set = await openFeatures(golden('fixed.parquet'), { features: ['features', 'label'] });
    const only = await openFeatures(golden('fixed.parquet'), { features: 'features' });
    expect(set.dim).toBe(7);
    const [both, lists] = [await set.rows(14, 34), await only.rows(14, 34)];
    for (let row = 0; row < 20; row++) {
      expect(both.slice(row * 7, row * 7 + 6)).toEqual(lists.slice(row * 6, row * 6 + 6));
      expect(both[row * 7 + 6]).toBe(set.labels![14 + row]);
    }
    await Promise.all([set.close(), only.close()]);
  });
});
