/** The same file as a path, bytes, a Blob, a source of one's own, and compressed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { DataError, InputError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeNpy, openArrays, openFeatures, type Source, type SourceLike } from '../src/index.ts';
import { FEATURES, golden } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A source whose arrays are views of one pool, at odd places, and longer than what was asked for. */
function pooled(bytes: Uint8Array, change: Partial<Source> = {}): Source {
  const pool = Buffer.alloc(bytes.length + 64);
  pool.set(bytes, 3);
  return {
    path: 'own.npy',
    size: bytes.length,
    read: async (offset) => pool.subarray(3 + offset, bytes.length + 3) as Uint8Array<ArrayBuffer>,
    close: async () => {},
    ...change,
  };
}
const refusal = (source: unknown, options: object = {}): Promise<Error> =>
  openArrays(source as SourceLike, options)
    .then((file) => file.read())
    .then(
      () => new Error('it was read'),
      (error) => error,
    );

describe('a source', () => {
  it.each([
    'f4.npy',
    'f8-big.npy',
    'stored.npz',
    'deflated.npz',
    'half.safetensors',
    'protocol-5.pkl',
    'columns.parquet',
  ])('of any kind gives the same: %s', async (name) => {
    const bytes = readFileSync(golden(name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes));
    const sources: [SourceLike, object][] = [
      [golden(name), {}],
      [bytes, { name }],
      [Buffer.concat([Buffer.alloc(5), bytes]).subarray(5), { name }],
      [new Blob([bytes]), { name }],
      [new File([bytes], name), {}],
      [new File([bytes], 'upload'), { name }],
      [pooled(bytes, { path: name }), {}],
      [join(folder, `${name}.gz`), {}],
      [gzipSync(bytes), { name: `${name}.gz` }],
      [new File([gzipSync(bytes)], 'upload'), { name: `${name}.gz` }],
    ];
    for (const [source, options] of sources) {
      const set = await openFeatures(source, options);
      expect(await set.rows(0, 40)).toEqual(FEATURES);
      expect(await set.rows(7, 9)).toEqual(FEATURES.slice(42, 54));
      await set.close();
    }
  });

  it("gives arrays that are its caller's own", async () => {
    const bytes = readFileSync(golden('f4.npy'));
    for (const source of [bytes, pooled(bytes)]) {
      const file = await openArrays(source, { name: 'f4.npy' });
      const { data } = await file.read();
      data.reverse();
      expect((await file.read()).data).toEqual(FEATURES);
    }
  });

  it('that is shorter than it says, fails or is closed is a DataError', async () => {
    const bytes = readFileSync(golden('f4.npy'));
    const short = pooled(bytes, { read: async (offset) => new Uint8Array(bytes.subarray(offset, 500)) });
    expect((await refusal(short)).message).toMatch(
      /own.npy: expected 960 bytes at byte 128, but the file ends at byte 500/,
    );
    const file = await openArrays(golden('f4.npy'));
    await file.close();
    const error = await file.read().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(
      /f4.npy: expected a file that can be read, but it was closed; open it again\.$/,
    );
    expect(await refusal(7, { name: 'a.npy' })).toBeInstanceOf(InputError);
    expect(await refusal(null, { name: 'a.npy' })).toBeInstanceOf(InputError);
  });
});

/** One member of one zip, with whatever sizes it is to claim. */
function zipOf(
  bytes: Uint8Array,
  { method = 8, size = bytes.length, flags = 0, stored = deflateRawSync(bytes) } = {},
): Buffer {
  const name = Buffer.from('feats.npy');
  const fields = (...values: [bytes: 2 | 4, value: number][]) =>
    Buffer.concat(
      values.map(([length, value]) => Buffer.from(Uint32Array.of(value).buffer).subarray(0, length)),
    );
  const about = fields(
    [2, flags],
    [2, method],
    [2, 0],
    [2, 0],
    [4, crc32(bytes)],
    [4, stored.length],
    [4, size],
    [2, 9],
    [2, 0],
  );
  const local = Buffer.concat([fields([4, 0x04034b50], [2, 20]), about, name, stored]);
  const central = Buffer.concat([
    ...[fields([4, 0x02014b50], [2, 20], [2, 20]), about],
    ...[fields([2, 0], [2, 0], [2, 0], [4, 0], [4, 0]), name],
  ]);
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, central.length],
    [4, local.length],
    [2, 0],
  );
  return Buffer.concat([local, central, end]);
}

describe('what is compressed', () => {
  // More than is inflated for headers.
  const numbers = Float32Array.from({ length: 50_000 }, (_, i) => Math.sin(i));
  const npy = encodeNpy({ shape: [500, 100], data: numbers });

  it('is read where its sizes are right', async () => {
    const file = await openArrays(zipOf(npy), { name: 'a.npz' });
    expect((await file.read()).data).toEqual(numbers);
    expect((await file.read('feats', { start: 490, end: 492 })).data).toEqual(numbers.slice(49_000, 49_200));
  });

  it.each<[string, Parameters<typeof zipOf>[1], RegExp]>([
    [
      'less than it says',
      { size: npy.length + 1 },
      /expected 200129 bytes to be compressed at byte 39, but there are 200128; write/,
    ],
    [
      'more than it says',
      { size: npy.length - 4 },
      /expected 200000 bytes for the array "feats"|there are more/,
    ],
    [
      'a size of 3 GiB',
      { size: 3 * 2 ** 30 },
      /of which at most 2147483648 are inflated; do not compress it/,
    ],
    [
      'a size of 1 GiB',
      { size: 2 ** 30 },
      /expected 1073741824 bytes to be compressed at byte 39, but there are 200128/,
    ],
    ['noise', { stored: Buffer.alloc(1000, 0xff) }, /but they do not inflate/],
    [
      'cut short',
      { stored: deflateRawSync(npy).subarray(0, 100_000) },
      /do not inflate \(unexpected end of file\)/,
    ],
    ['encrypted', { flags: 1 }, /"feats.npy" at byte 0 is encrypted/],
    ['by another method', { method: 14 }, /is compressed by method 14, not by DEFLATE/],
  ])('%s is refused', async (_, wrong, message) => {
    const error = await refusal(zipOf(npy, wrong), { name: 'a.npz' });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
  });

  it('by gzip is refused where it is cut short or none', async () => {
    for (const bytes of [gzipSync(npy).subarray(0, 5000), npy, new Uint8Array(0)]) {
      const error = await refusal(bytes, { name: 'a.npy.gz' });
      expect(error).toBeInstanceOf(DataError);
      expect(error.message).toMatch(/a\.npy\.gz: expected/);
    }
  });
});
