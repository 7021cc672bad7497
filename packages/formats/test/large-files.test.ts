/** Files of 2 and 5 GiB that are all holes: they open at once, and reading some rows takes the memory of those rows. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFeatures } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [ROWS, DIM] = [2 ** 20, 512]; // float32: 2 GiB
const LAST = Buffer.from(Float32Array.from({ length: DIM }, (_, i) => i + 0.5).buffer);

/** `head`, rows of zeros but for the last one, `tail`. */
function sparse(name: string, head: Buffer, tail: Buffer = Buffer.alloc(0), rows = ROWS): string {
  const [path, bytes] = [join(folder, name), rows * DIM * 4];
  const file = openSync(path, 'w');
  ftruncateSync(file, head.length + bytes + tail.length);
  writeSync(file, head, 0, head.length, 0);
  writeSync(file, LAST, 0, LAST.length, head.length + bytes - LAST.length);
  writeSync(file, tail, 0, tail.length, head.length + bytes);
  closeSync(file);
  return path;
}

function npyHead(rows = ROWS): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${DIM}), }`.padEnd(117);
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

const fields = (...values: [bytes: 2 | 4 | 8, value: number][]): Buffer =>
  Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(8);
      field.writeBigUInt64LE(BigInt(value));
      return field.subarray(0, bytes);
    }),
  );

/**
 * A zip of stored members, whose sizes and places are in zip64 fields; the last goes on with rows, and may have more
 * than 4 GiB.
 */
function zip64(rows: number, members: [name: string, bytes: Buffer][]): [head: Buffer, tail: Buffer] {
  const [locals, central]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [i, [text, bytes]] of members.entries()) {
    const [name, none] = [Buffer.from(text), 0xffffffff];
    const size = bytes.length + (i === members.length - 1 ? rows * DIM * 4 : 0);
    // Flags, method, time, date: all 0. Then CRC (not checked), both sizes, the lengths of the name and the extra field.
    const about = (extra: number) =>
      fields([8, 0], [4, 0], [4, none], [4, none], [2, name.length], [2, extra]);
    const local = [
      fields([4, 0x04034b50], [2, 45]),
      about(20),
      name,
      fields([2, 1], [2, 16], [8, size], [8, size]),
    ];
    central.push(
      ...[
        fields([4, 0x02014b50], [2, 45], [2, 45]),
        about(28),
        fields([2, 0], [2, 0], [2, 0], [4, 0], [4, none]),
      ],
      ...[name, fields([2, 1], [2, 24], [8, size], [8, size], [8, at])],
    );
    locals.push(...local, bytes);
    at += Buffer.concat(local).length + size;
  }
  const [count, length] = [members.length, Buffer.concat(central).length];
  const end64 = fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count]);
  const place64 = fields([8, length], [8, at], [4, 0x07064b50], [4, 0], [8, at + length], [4, 1]);
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, length],
    [4, 0xffffffff],
    [2, 0],
  );
  return [Buffer.concat(locals), Buffer.concat([...central, end64, place64, end])];
}

/** {'feats': tensor} of one storage, "0". */
function tensor(rows: number, { legacy }: { legacy: boolean }): Buffer {
  const long = (n: number) => Buffer.concat([Buffer.from([0x8a, 8]), fields([8, n])]);
  const storage = `U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu`;
  return Buffer.concat([
    Buffer.from(`\x80\x02}U\x05featsctorch._utils\n_rebuild_tensor_v2\n((${storage}`, 'latin1'),
    ...[long(rows * DIM), Buffer.from(legacy ? 'NtQK\0' : 'tQK\0')],
    ...[long(rows), long(DIM), Buffer.from('\x86', 'latin1'), long(DIM), Buffer.from('K\x01\x86', 'latin1')],
    Buffer.from('\x89}tRs.', 'latin1'),
  ]);
}

/** The magic number, the protocol, the system, then the tensor, its key and how many elements follow. */
const legacyHead = (rows: number): Buffer =>
  Buffer.concat([
    Buffer.from('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.', 'latin1'),
    ...[tensor(rows, { legacy: true }), Buffer.from('\x80\x02]U\x010a.', 'latin1'), fields([8, rows * DIM])],
  ]);

describe('gigabytes of features', () => {
  it.each([
    ['npy', ROWS, () => sparse('large.npy', npyHead())],
    [
      'npz (zip64)',
      2.5 * ROWS,
      (rows: number) => sparse('large.npz', ...zip64(rows, [['feats.npy', npyHead(rows)]]), rows),
    ],
    ['safetensors', ROWS, () => sparse('large.safetensors', safetensorsHead())],
    ['pickle', ROWS, () => sparse('large.pkl', ...pickle())],
    ['torch', ROWS, () => sparse('large.th', legacyHead(ROWS))],
    [
      'torch (zip64)',
      2.5 * ROWS,
      (rows: number) => {
        const pickle = tensor(rows, { legacy: false });
        return sparse(
          'large.pth',
          ...zip64(rows, [
            ['a/data.pkl', pickle],
            ['a/data/0', Buffer.alloc(0)],
          ]),
          rows,
        );
      },
    ],
  ])('open at once, and are read in ranges: %s', async (_, rows, make) => {
    const path = make(rows);
    const [start, before] = [performance.now(), process.resourceUsage().maxRSS];
    const set = await openFeatures(path);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(set).toMatchObject({ length: rows, dim: DIM });
    for (let row = 0; row < rows; row += 2 ** 18)
      expect((await set.rows(row, row + 256)).every((x) => x === 0)).toBe(true);
    expect(Buffer.from((await set.rows(rows - 1, rows)).buffer).equals(LAST)).toBe(true);
    await set.close();
    // maxRSS is in KiB. Some reads of half a megabyte; 64 MiB leaves room for what V8 has not yet collected.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024);
    rmSync(path);
  });
});
