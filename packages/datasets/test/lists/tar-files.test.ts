import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { Header } from 'tar';
import { afterAll, describe, expect, it } from 'vitest';
import { tarFiles } from '../../src/lists/tar-files.ts';

const golden = join(import.meta.dirname, '../golden/tars');
const expected: Record<string, Record<string, [number, number]>> = JSON.parse(
  readFileSync(join(golden, 'expected.json'), 'utf8'),
);
const folder = mkdtempSync(join(tmpdir(), 'longtail-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PATH = join(folder, 'made.tar');

async function read(...blocks: Uint8Array[]) {
  writeFileSync(PATH, Buffer.concat(blocks));
  return tarFiles(PATH);
}

/** A header and its content, padded. */
function entry(fields: ConstructorParameters<typeof Header>[0], content = ''): Buffer {
  const header = Buffer.alloc(512);
  new Header({
    mode: 0o644,
    mtime: new Date(0),
    size: Buffer.byteLength(content),
    ...(fields as object),
  }).encode(header);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(-Buffer.byteLength(content) & 511)]);
}
const END = Buffer.alloc(1024);

describe('tarFiles', () => {
  it.each(Object.keys(expected))("finds the files of Python's %s where Python does", async (format) => {
    const path = join(golden, `${format}.tar`);
    const found = [...(await tarFiles(path))].map(([name, file]) => [name, [file.offset, file.length]]);
    expect(Object.fromEntries(found)).toEqual(expected[format]);
    for (const file of (await tarFiles(path)).values()) expect(file.path).toBe(path);
  });

  it.each([
    ['sparse-pax.tar', 'at byte 1024 train/hole.png is stored with holes (sparse), which is not read'],
    ['sparse-gnu.tar', 'at byte 0 there is a SparseFile, which is not read here'],
    ['large-gnu.tar', 'at byte 1536 it is cut short'],
    ['large-pax.tar', 'it is cut short'],
  ])('refuses %s: %s', async (name, message) => {
    const reading = tarFiles(join(golden, name));
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
  });

  it('knows a file by its path from the top, a hard link as the file it names', async () => {
    const file = entry({ path: './train/1.png', type: 'File' }, '12345');
    const link = entry({ path: './2.png', linkpath: './train/1.png', type: 'Link' });
    const files = await read(entry({ path: './', type: 'Directory' }), file, link, END);
    expect([...files.keys()]).toEqual(['train/1.png', '2.png']);
    expect(files.get('2.png')).toEqual({ path: PATH, offset: 1024, length: 5 });
  });

  it('takes values with newlines, and what holds for all files', async () => {
    const everywhere = entry({ path: 'g', type: 'GlobalExtendedHeader' }, '11 size=30\n');
    const record = 'path=a\nb.png\n';
    const own = entry({ path: 'x', type: 'ExtendedHeader' }, `${record.length + 3} ${record}9 size=5\n`);
    const first = entry({ path: 'short', type: 'File' }, '12345');
    const second = entry({ path: 'other', type: 'File' }, '0'.repeat(30));
    const files = await read(everywhere, own, first, second, END);
    expect([...files].map(([name, { length }]) => [name, length])).toEqual([
      ['a\nb.png', 5],
      ['other', 30],
    ]);
  });

  it.each<[string, Buffer[]]>([
    [
      'at byte 512 there is no record of an extended header',
      [entry({ path: 'x', type: 'ExtendedHeader' }, 'path=a\n')],
    ],
    [
      'at byte 512 there is no record of an extended header',
      [entry({ path: 'x', type: 'ExtendedHeader' }, '99 path=a\n')],
    ],
    [
      'at byte 1024 a length is NaN',
      [entry({ path: 'x', type: 'ExtendedHeader' }, '11 size=-1\n'), entry({ path: 'a', type: 'File' })],
    ],
    [
      'at byte 0 a name or its header has 2000000 bytes',
      [entry({ path: 'x', type: 'NextFileHasLongPath' }, 'x'.repeat(2_000_000))],
    ],
    ['a is a link to b, which is not before it', [entry({ path: 'a', linkpath: 'b', type: 'Link' })]],
    ['there is a BlockDevice', [entry({ path: 'a', type: 'BlockDevice' })]],
    ['at byte 0 there is no header of a file', [Buffer.alloc(512, 'x')]],
  ])('refuses what is none: %s', async (message, blocks) => {
    const reading = read(...blocks, END);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(`expected a whole tar in ${PATH}, but`);
    await expect(reading).rejects.toThrow(message);
    await expect(tarFiles(join(folder, 'none.tar'))).rejects.toThrow(DataError);
  });

  it('refuses what holds no file: nothing at all, zeros alone, folders alone', async () => {
    await expect(read()).rejects.toThrow(`expected a whole tar in ${PATH}, but at byte 0 it is empty`);
    for (const none of [[Buffer.alloc(10_240)], [entry({ path: 'a/', type: 'Directory' }), END]]) {
      await expect(read(...none)).rejects.toThrow(DataError);
      await expect(read(...none)).rejects.toThrow('it holds no file');
    }
  });

  it('reads what tar writes', async (context) => {
    const names = ['pax', 'gnu', 'ustar'];
    const made = join(folder, 'some');
    execFileSync('mkdir', [made]);
    const file = `${'long '.repeat(30)}ü.png`;
    writeFileSync(join(made, file), 'picture');
    for (const format of names) {
      const tar = join(folder, `${format}.tar`);
      try {
        execFileSync('tar', [`--format=${format}`, '-cf', tar, '-C', folder, 'some'], { stdio: 'pipe' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') context.skip('no tar on this machine');
        continue; // ustar has no room for the name
      }
      const [found] = [...(await tarFiles(tar))];
      expect(found?.[0]).toBe(`some/${file}`);
      const { offset = 0, length = 0 } = found![1];
      expect(readFileSync(tar).toString('utf8', offset, offset + length)).toBe('picture');
    }
  });
});
