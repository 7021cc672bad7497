import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError } from '@longtail/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readListFile } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIST = join(folder, 'list.txt');
function read(content: string | Uint8Array, options = {}) {
  writeFileSync(LIST, content);
  return readListFile(LIST, options);
}

describe('readListFile', () => {
  it('reads back what was written, at any line end and length of paths', async () => {
    const name = fc.stringMatching(/^[a-zäß0-9_.]{1,9}( [a-z]{1,3})?$/).filter((text) => text !== '..');
    const line = fc.tuple(
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.nat(8141),
      fc.constantFrom(' ', '\t', '  '),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\ufeff'),
        fc.constantFrom('', '\n', '\n\n\n'),
        async (lines, end, mark, last) => {
          const text = lines.map(([path, label, space]) => `${path.join('/')}${space}${label}`).join(end);
          const list = await read(mark + text + last, { numClasses: 8142 });
          expect(Array.from(lines, (_, i) => list.path(i))).toEqual(lines.map(([path]) => path.join('/')));
          expect([...list.labels]).toEqual(lines.map(([, label]) => label));
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('reads a compressed list, and lines across chunks', async () => {
    const lines = Array.from(
      { length: 40_000 },
      (_, i) => `train/n${i % 1000}/picture ${i}.JPEG ${i % 1000}`,
    );
    const compressed = `${LIST}.gz`;
    writeFileSync(compressed, gzipSync(lines.join('\n')));
    const list = await readListFile(compressed, { numClasses: 1000 });
    expect(list.length).toBe(40_000);
    for (const i of [0, 1, 9_999, 39_999]) expect(`${list.path(i)} ${list.labels[i]}`).toBe(lines[i]);
    writeFileSync(compressed, gzipSync(lines.join('\n')).subarray(0, 5000));
    await expect(readListFile(compressed)).rejects.toThrow(/list\.txt\.gz.*unexpected end of file/);
  });

  it.each([
    ['a/b.jpg', 'line 2, but found "a/b.jpg"'],
    ['a/b.jpg x', 'line 2, but found "a/b.jpg x"'],
    ['a/b.jpg 1.5', 'line 2, but found "a/b.jpg 1.5"'],
    ['a/b.jpg 10', 'label from 0 to 9 in .*line 2, but it is 10'],
    ['a/b.jpg -1', 'label from 0 to 9 in .*line 2, but it is -1'],
    ['../b.jpg 1', 'line 2, but the path "../b.jpg" leaves the folder'],
    ['a/../../b.jpg 1', 'leaves the folder'],
    ['a\\..\\b.jpg 1', 'leaves the folder'],
    ['/etc/passwd 1', 'leaves the folder'],
    ['C:\\b.jpg 1', 'leaves the folder'],
    ['a\0b.jpg 1', 'control character'],
    ['\nc.jpg 1', 'line 2, but it is empty'],
  ])('refuses %j and says where', async (line, message) => {
    const reading = read(`ok.jpg 0\n${line}\n`, { numClasses: 10 });
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(new RegExp(message.replaceAll('\\', '\\\\')));
    await expect(reading).rejects.toThrow(LIST);
  });

  it('refuses what is no list at all', async () => {
    await expect(read('')).rejects.toThrow('names none');
    await expect(read(new Uint8Array(100_000).fill(65))).rejects.toThrow('line 1 is longer than');
    await expect(read(Uint8Array.of(0x61, 0xff, 0x20, 0x31))).rejects.toThrow('is not UTF-8');
    await expect(readListFile(join(folder, 'none.txt'))).rejects.toThrow('it is not there');
  });

  it('holds a million lines in less than 300 MB', () => {
    const program = `
      import { writeFileSync } from 'node:fs';
      const { readListFile } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))});
      const list = await readListFile(process.argv[1], { numClasses: 1000 });
      let bytes = 0;
      for (let i = 0; i < list.length; i++) bytes += list.path(i).length;
      console.log(JSON.stringify([list.length, bytes, process.resourceUsage().maxRSS]));`;
    const million = join(folder, 'million.txt');
    const lines = Array.from(
      { length: 1_000_000 },
      (_, i) =>
        `train/n${String(i % 1000).padStart(8, '0')}/n${String(i).padStart(8, '0')}.JPEG ${i % 1000}\n`,
    );
    writeFileSync(million, lines.join(''));
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program, million], {
      encoding: 'utf8',
    });
    const [length, bytes, kilobytes] = JSON.parse(out) as [number, number, number];
    expect([length, bytes]).toEqual([1_000_000, 30_000_000]);
    expect(kilobytes).toBeLessThan(300_000);
  });
});
