/** Files of 2 GiB that are all holes: they open at once, and reading some rows takes the memory of those rows. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFeatures } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [ROWS, DIM] = [2 ** 20, 512]; // float32: 2 GiB
const LAST = Buffer.from(Float32Array.from({ length: DIM }, (_, i) => i + 0.5).buffer);

/** `head`, 2 GiB of zeros but for the last row, `tail`. */
function sparse(name: string, head: Buffer, tail: Buffer = Buffer.alloc(0)): string {
  const [path, bytes] = [join(folder, name), ROWS * DIM * 4];
  const file = openSync(path, 'w');
  ftruncateSync(file, head.length + bytes + tail.length);
  writeSync(file, head, 0, head.length, 0);
  writeSync(file, LAST, 0, LAST.length, head.length + bytes - LAST.length);
  writeSync(file, tail, 0, tail.length, head.length + bytes);
  closeSync(file);
  return path;
}

function npyHead(): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS}, ${DIM}), }`.padEnd(117);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(`${text}\n`)]);
}

function safetensorsHead(): Buffer {
  const header = { features: { dtype: 'F32', shape: [ROWS, DIM], data_offsets: [0, ROWS * DIM * 4] } };
  const [text, length] = [Buffer.from(JSON.stringify(header)), Buffer.alloc(8)];
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** {'feats': array} of protocol 4, whose 2 GiB of bytes follow BINBYTES8; after them the state is built. */
function pickle(): [head: Buffer, tail: Buffer] {
  const text = (s: string) => Buffer.concat([Buffer.from([0x8c, s.length]), Buffer.from(s)]);
  const length = Buffer.alloc(9, 0x8e);
  length.writeBigUInt64LE(BigInt(ROWS * DIM * 4), 1);
  const int = (n: number) => Buffer.from([0x4a, n & 255, (n >> 8) & 255, (n >> 16) & 255, n >> 24]);
  const name = (module: string, of: string) => [text(module), text(of), Buffer.from([0x93])];
  const head = [
    ...[Buffer.from('\x80\x04}', 'latin1'), text('feats')],
    ...[...name('numpy._core.multiarray', '_reconstruct'), ...name('numpy', 'ndarray')],
    Buffer.from('K\x00\x85C\x01b\x87R(K\x01', 'latin1'),
    ...[int(ROWS), int(DIM), Buffer.from([0x86])],
    ...[...name('numpy', 'dtype'), text('f4'), Buffer.from('\x89\x88\x87R(K\x03', 'latin1'), text('<')],
    ...[Buffer.from('NNN', 'latin1'), int(-1), int(-1), Buffer.from('K\x00tb\x89', 'latin1'), length],
  ];
  return [Buffer.concat(head), Buffer.from('tbs.')];
}

describe('2 GiB of features', () => {
  it.each([
    ['npy', () => sparse('large.npy', npyHead())],
    ['safetensors', () => sparse('large.safetensors', safetensorsHead())],
    ['pickle', () => sparse('large.pkl', ...pickle())],
  ])('open at once, and are read in ranges: %s', async (_, make) => {
    const path = make();
    const [start, before] = [performance.now(), process.resourceUsage().maxRSS];
    const set = await openFeatures(path);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(set).toMatchObject({ length: ROWS, dim: DIM });
    for (let row = 0; row < ROWS; row += 2 ** 17)
      expect((await set.rows(row, row + 256)).every((x) => x === 0)).toBe(true);
    expect(Buffer.from((await set.rows(ROWS - 1, ROWS)).buffer).equals(LAST)).toBe(true);
    await set.close();
    // maxRSS is in KiB. Nine reads of half a megabyte; 64 MiB leaves room for what V8 has not yet collected.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024);
    rmSync(path);
  });
});
