import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { pictureCsv, readCsvList } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATH = join(folder, 'train.csv');
function read(content: string, options = {}) {
  writeFileSync(PATH, content);
  return readCsvList(PATH, options);
}

describe('readCsvList', () => {
  it('numbers names in alphabetic order, and keeps integers', async () => {
    const named = await read('\ufeffid;file;species\r\n1;"a; b.jpg";"wren"\r\n2;c.jpg;auk\r\n', {
      path: 'file',
      label: 'species',
      delimiter: ';',
    });
    expect(named.classNames).toEqual(['auk', 'wren']);
    expect([named.list.path(0), ...named.list.labels]).toEqual(['a; b.jpg', 1, 0]);
    const numbered = await read('path,label\na.jpg,10\nb.jpg,2\n');
    expect([...numbered.list.labels, numbered.classNames.length]).toEqual([10, 2, 11]);
    expect((await pictureCsv(PATH)).root).toBe(folder);
  });

  it.each([
    ['path,label\na.jpg,0\nb.jpg\n', 'line 3'],
    ['path,label\na.jpg,\n', 'a label in PATH, line 2, but it is empty'],
    ['file,label\na.jpg,0\n', 'the column "path" in PATH, but its columns are file, label'],
    ['path,label\n../a.jpg,0\n', 'PATH, line 2, but the path "../a.jpg" leaves'],
    ['path,label\n"a.jpg,0\n', 'expected CSV in PATH'],
    ['path,label\na.jpg,999999999\n', 'expected labels below 1,000,000'],
    ['path,label\n', 'expected rows below the header'],
    ['', 'expected rows below the header'],
  ])('refuses %j and says where', async (content, message) => {
    const reading = read(content);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message.replace('PATH', PATH));
    await expect(reading).rejects.toThrow(PATH);
  });
});
