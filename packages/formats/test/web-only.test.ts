import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WEB } from '../src/parquet/codecs.ts';
import { FEATURES, golden, LABELS } from './golden.ts';
import { oddTables } from './odd-tables.ts';
import { written } from './written.ts';

const sum = (values: Float32Array | Int32Array) => [...values].reduce((total, x) => total + x, 0);
const root = join(import.meta.dirname, '../src');
/** Sub-paths of their own, for Node. */
const OF_NODE = ['whole-file.ts', 'row-shards.ts'];

describe('what reads bytes', () => {
  it('names no module and no type of Node', () => {
    const files = readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts') && !OF_NODE.includes(name));
    expect(files.length).toBeGreaterThan(50);
    const named = files.filter((name) =>
      /from 'node:|import\('node:|\bBuffer\.|: Buffer\b/.test(readFileSync(join(root, name), 'utf8')),
    );
    expect(named).toEqual([]);
  });

  it('needs neither Buffer nor process nor files', () => {
    const names = [
      'f4.npy',
      'deflated.npz',
      'half.safetensors',
      'protocol-5.pkl',
      'columns.parquet',
      'fixed.parquet',
    ];
    const csv = oddTables.find(({ name }) => name === 'savetxt.csv')!;
    const paths = [...names.map(golden), written(csv.name, csv.bytes)];
    const script = join(import.meta.dirname, 'browser.mjs');
    const sums = JSON.parse(execFileSync(process.execPath, [script, ...paths]).toString());
    const [features, labels] = [sum(FEATURES), sum(LABELS)];
    expect(sums['f4.npy']).toEqual([features, null]);
    for (const name of names.slice(1)) expect([name, sums[name]]).toEqual([name, [features, labels]]);
    expect(sums['written.csv']).toEqual([10, 1]);
    expect(sums['written.parquet']).toEqual([10, 1]);
  });

  it.each([
    ['GZIP', gzipSync],
    ['BROTLI', brotliCompressSync],
    ['ZSTD', zstdCompressSync],
  ])('decompresses %s by the web, in bounds, or says that it cannot', async (codec, compress) => {
    const whole = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
    const packed = new Uint8Array(compress(whole));
    const read = async (full: number) => WEB[codec]!(packed, full);
    try {
      if (codec !== 'ZSTD') new DecompressionStream(codec.toLowerCase() as CompressionFormat);
    } catch {
      await expect(read(whole.length)).rejects.toThrow(
        /this browser has no .*; write the file with snappy or gzip/,
      );
      return;
    }
    expect(await read(whole.length)).toEqual(whole);
    for (const full of [0, 1, 99_999, 100_001])
      expect((await read(full).catch(() => undefined))?.length).not.toBe(full);
  });
});
