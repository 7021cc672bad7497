import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { writeWhole } from '../src/whole-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-whole-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeWhole', () => {
  it('takes text, bytes and pieces, and makes the folder', async () => {
    const path = join(folder, 'new/folder/file');
    for (const [pieces, text] of [
      ['täxt', 'täxt'],
      [Buffer.from('bytes'), 'bytes'],
      [[Buffer.from('a'), Buffer.from('b')], 'ab'],
    ] as const) {
      await writeWhole(path, pieces);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(readdirSync(join(folder, 'new/folder'))).toEqual(['file']);
  });

  it('keeps what was there where the pieces end with an error, or the folder is none', async () => {
    const path = join(folder, 'kept');
    writeFileSync(path, 'before');
    async function* pieces() {
      yield Buffer.from('half');
      throw new DataError('cut short');
    }
    await expect(writeWhole(path, pieces())).rejects.toThrow('cut short');
    expect(readFileSync(path, 'utf8')).toBe('before');
    const below = writeWhole(join(path, 'below'), 'x');
    await expect(below).rejects.toThrow(DataError);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes one file from several callers at once: the last to end stays', async () => {
    const path = join(folder, 'shared/file');
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(contents.map((content) => writeWhole(path, content)));
    expect(contents).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(join(folder, 'shared'))).toEqual(['file']);
  });

  it('removes what a killed process has left of this file, and of no other', async () => {
    const path = join(folder, 'pack.safetensors');
    const module = new URL('../src/whole-file.ts', import.meta.url).href;
    const writer = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { writeWhole } from '${module}';
      await writeWhole(process.argv[1], (async function* () { yield Buffer.from('half'); console.log('there'); await new Promise((r) => setTimeout(r, 60000)); })());`,
      path,
    ]);
    await once(writer.stdout, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const left = readdirSync(folder).filter((name) => name.includes(`.${writer.pid}.`));
    expect(left).toHaveLength(1);
    const others = [
      `pack.safetensors.${process.ppid}.tmp`, // of a process that runs
      `other.safetensors.${writer.pid}.tmp`,
      `pack.safetensors.${writer.pid}.tmp.txt`,
      'pack.safetensors.mine.tmp',
    ];
    for (const name of others) writeFileSync(join(folder, name), '');
    await writeWhole(path, 'whole');
    expect(readdirSync(folder)).not.toContain(left[0]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining([...others, 'pack.safetensors']));
    for (const name of others) rmSync(join(folder, name));
  });
});

describe('what was there before', () => {
  it('stays under its second name, whole, also where both are one file', async () => {
    const [path, previous] = [join(folder, 'two/last'), join(folder, 'two/previous')];
    const read = () => [path, previous].map((one) => readFileSync(one, 'utf8'));
    await writeWhole(path, '1', { previous });
    expect(readdirSync(join(folder, 'two'))).toEqual(['last']);
    await writeWhole(path, '2', { previous });
    expect(read()).toEqual(['2', '1']);
    rmSync(previous);
    linkSync(path, previous); // as a kill between the two renames leaves it
    await writeWhole(path, '3', { previous });
    expect(read()).toEqual(['3', '2']);
    expect(readdirSync(join(folder, 'two')).sort()).toEqual(['last', 'previous']);
  });

  it('stays where the new one cannot be written', async () => {
    const [path, previous] = [join(folder, 'kept-last'), join(folder, 'kept-previous')];
    for (const text of ['1', '2']) await writeWhole(path, text, { previous });
    const pieces = (function* () {
      yield Buffer.from('half');
      throw new DataError('cut short');
    })();
    await expect(writeWhole(path, pieces, { previous })).rejects.toThrow('cut short');
    expect([path, previous].map((one) => readFileSync(one, 'utf8'))).toEqual(['2', '1']);
  });
});
