/** What is written here: byte for byte as when PyTorch, NumPy and safetensors read it, and read by those where they are. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { InputError } from '@longtail/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  encodeNpy,
  encodeSafetensors,
  encodeTorch,
  type NamedArray,
  openArrays,
} from '../src/index.ts';
import { crc32 } from '../src/zip/crc32.ts';
import { encodeZip } from '../src/zip/write.ts';

const ARRAYS = new Map<string, NamedArray>([
  ['float16', { dtype: 'float16', shape: [2, 2], data: Uint16Array.of(0x3800, 0x8000, 0x7c00, 1) }],
  ['bfloat16', { dtype: 'bfloat16', shape: [3], data: Uint16Array.of(0x3f00, 0x4049, 0xff80) }],
  ['float32', { shape: [1, 2, 2], data: Float32Array.of(0.1, -2.5, Number.NaN, 1e-45) }],
  ['float64', { shape: [2, 1], data: Float64Array.of(0.1, -1e300) }],
  ['bool', { dtype: 'bool', shape: [4], data: Uint8Array.of(1, 0, 0, 1) }],
  ['int8', { shape: [3], data: Int8Array.of(-128, -1, 127) }],
  ['int16', { shape: [2], data: Int16Array.of(-32768, 32767) }],
  ['int32', { shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) }],
  ['int64', { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
  ['uint8', { shape: [300], data: Uint8Array.from({ length: 300 }, (_, i) => i) }],
  ['uint16', { shape: [2], data: Uint16Array.of(0, 65535) }],
  ['uint32', { shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) }],
  ['uint64', { shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }],
  ['scalar', { shape: [], data: Float32Array.of(1.5) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
  ['módulo.重み', { shape: [1], data: Float32Array.of(2) }],
]);
const npys = [...ARRAYS].filter(([name]) => name !== 'bfloat16');
const FILES = new Map<string, Uint8Array>([
  ['all.pth', encodeTorch(ARRAYS)],
  ['all.safetensors', encodeSafetensors(ARRAYS, { by: 'test' })],
  ...npys.map(
    ([name, array], i) => [`${i}-${/^\w+$/.exec(name)?.[0] ?? 'name'}.npy`, encodeNpy(array)] as const,
  ),
]);

const described = ({ dtype, shape, data }: NamedArray, name: string) => ({
  dtype: dtype ?? (ARRAYS.has(name) ? name.replace(/^(scalar|empty|m.*)$/, 'float32') : ''),
  shape,
  hex: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
});
const EXPECTED = Object.fromEntries([...ARRAYS].map(([name, array]) => [name, described(array, name)]));

/** Of the bytes that golden/read_written.py has read. */
const DIGESTS = {
  torch: '870657243fa575390627d9f927d90354208ba5d84e4d36a4297b3e4ee84dc271',
  safetensors: '72d0aa643ad0557cc00f67b7d068bc03f652b6b949674eaa9a09fc0b1dd1c479',
  npy: 'da3f9c64d678a72461111559e330d520c77b1cd5da8da92cfce3388b95f8d3d0',
};

const folder = mkdtempSync(join(tmpdir(), 'longtail-written-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is written', () => {
  it('is what others were seen to read', () => {
    const digest = (extension: string) => {
      const hash = createHash('sha256');
      for (const [name, bytes] of FILES) if (name.endsWith(extension)) hash.update(bytes);
      return hash.digest('hex');
    };
    const found = { torch: digest('.pth'), safetensors: digest('.safetensors'), npy: digest('.npy') };
    expect(found).toEqual(DIGESTS);
  });

  it('is read by PyTorch, NumPy and safetensors bit for bit', { timeout: 120_000 }, (context) => {
    const { LONGTAIL_PYTHON } = process.env;
    if (!LONGTAIL_PYTHON) {
      console.warn(
        `skipped "${context.task.name}": LONGTAIL_PYTHON names no Python with torch and safetensors`,
      );
      return context.skip('no LONGTAIL_PYTHON');
    }
    for (const [name, bytes] of FILES) writeFileSync(join(folder, name), bytes);
    const script = join(import.meta.dirname, 'golden/read_written.py');
    const { stdout, stderr, status } = spawnSync(LONGTAIL_PYTHON, [script, ...FILES.keys()], {
      ...{ cwd: folder, encoding: 'utf8' },
    });
    expect(stderr + status).toBe('0');
    const { 'all.pth': torch, 'all.safetensors': safetensors, ...npy } = JSON.parse(stdout);
    expect(torch).toEqual(EXPECTED);
    expect(safetensors).toEqual(EXPECTED);
    expect(Object.values(npy)).toEqual(npys.map(([name]) => ({ '': EXPECTED[name] })));
  });

  it.each([...FILES])('%s is read here, too', async (name, bytes) => {
    const file = await openArrays(bytes, { name });
    for (const { name: array } of file.arrays) {
      const expected = array === '' ? npys[Number.parseInt(name, 10)]![0] : array;
      expect(described(await file.read(array), expected)).toEqual(EXPECTED[expected]);
    }
    if (name.startsWith('all')) expect(file.arrays.map((array) => array.name)).toEqual([...ARRAYS.keys()]);
  });

  it('is decoded whole', () => {
    const { arrays, metadata } = decodeSafetensors(FILES.get('all.safetensors')!);
    expect(Object.fromEntries([...arrays].map(([name, array]) => [name, described(array, name)]))).toEqual(
      EXPECTED,
    );
    expect(metadata).toEqual({ by: 'test' });
  });

  it('has the CRC-32 of zlib', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it('of any names and shapes is read back', async () => {
    const sizes = fc.array(fc.nat({ max: 4 }), { maxLength: 5 });
    const named = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), sizes), {
      selector: ([name]) => name,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(named, async (all) => {
        const arrays = new Map(
          all.map(([name, shape]) => [
            name,
            { shape, data: Int16Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i - 7) },
          ]),
        );
        const file = await openArrays(encodeTorch(arrays), { name: 'any.pth' });
        expect(file.arrays.map(({ name }) => name)).toEqual([...arrays.keys()]);
        for (const [name, array] of arrays)
          expect(await file.read(name)).toEqual({ dtype: 'int16', ...array });
      }),
      { numRuns: 50 },
    );
  });

  it('fits, or is refused', () => {
    const data = Float32Array.of(1, 2);
    const write = (array: NamedArray, name = 'w') => encodeTorch(new Map([[name, array]]));
    expect(() => write({ shape: [3], data })).toThrow(/expected 3 elements for the shape \[3\] in "w"/);
    expect(() => write({ dtype: 'int64', shape: [2], data })).toThrow(InputError);
    expect(() => write({ shape: [2], data }, '\ud800')).toThrow(/names that are Unicode/);
    const large = new Uint8Array(2 ** 30); // never touched
    const members = (count: number, bytes: Uint8Array) =>
      Array.from({ length: count }, (_, i) => [String(i), bytes] as const);
    expect(() => encodeZip(members(4, large))).toThrow(/at most 4 GiB/);
    expect(() => encodeZip(members(65_535, new Uint8Array(0)))).toThrow(/fewer than 65535 members/);
  });
});
