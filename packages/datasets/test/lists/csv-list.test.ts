import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError, renumber } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { fileDataset, pictureCsv, pictureList, readCsvList, readListFile } from '../../src/index.ts';

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

  it('takes whole floats as the integers that they are', async () => {
    const { list, classNames } = await read('path,label\na.jpg,10.0\nb.jpg,2.0\nc.jpg,0.0\n');
    expect([...list.labels, classNames.length]).toEqual([10, 2, 0, 11]);
  });

  it('numbers the classes of another split as the training set does', async () => {
    const { classNames } = await read('path,label\na.jpg,ant\nb.jpg,bee\nc.jpg,cat\n');
    writeFileSync(PATH, 'path,label\nd.jpg,cat\ne.jpg,ant\n');
    const test = await pictureCsv(PATH, { classNames });
    expect([...test.labels, test.classNames]).toEqual([2, 0, ['ant', 'bee', 'cat']]);
    await expect(pictureCsv(PATH, { classNames: ['ant', 'bee'] })).rejects.toThrow(
      `expected one of the 2 class names in ${PATH}, line 2, but "cat" is none of them`,
    );
  });

  it('takes 200,000 classes', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i}.jpg,${i}\n`);
    expect((await read(`path,label\n${lines.join('')}`)).classNames).toHaveLength(200_000);
  });

  it.each([
    ['path,label\na.jpg,0\nb.jpg\n', 'line 3'],
    ['path,label\na.jpg,\n', 'a label in PATH, line 2, but it is blank'],
    ['path,label\na.jpg,0\nb.jpg,  \n', 'a label in PATH, line 3, but it is blank'],
    ['path,label\na.jpg,0\nb.jpg,1\nc.jpg,-1\n', 'PATH, line 4 has -1'],
    ['path,label\na.jpg,0\nb.jpg,0.5\n', 'PATH, line 3 has 0.5'],
    ['path,label\na.jpg,0\nb.jpg,0\nc.jpg,cat\n', 'PATH, line 2 has "0" and PATH, line 4 "cat"'],
    ['file,label\na.jpg,0\n', 'the column "path" in PATH, but its columns are file, label'],
    ['path,label\n../a.jpg,0\n', 'PATH, line 2, but the path "../a.jpg" leaves'],
    ['path,label\n"a.jpg,0\n', 'expected CSV in PATH'],
    [
      'path,label\na.jpg,999999999\n',
      'expected whole labels from 0, below 1000000, but PATH, line 2 has 999999999',
    ],
    ['path,label\n', 'expected rows below the header'],
    ['', 'expected rows below the header'],
  ])('refuses %j and says where', async (content, message) => {
    const reading = read(content);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message.replaceAll('PATH', PATH));
    await expect(reading).rejects.toThrow(PATH);
  });
});

describe('pictureList', () => {
  it('refuses an identifier as a label, which would name two billion classes', async () => {
    const list = join(folder, 'list.txt');
    writeFileSync(list, 'a.jpg 0\nb.jpg 2147483000\n');
    await expect(pictureList(list)).rejects.toThrow(
      `expected a label from 0 to 999999 in ${list}, line 2, but it is 2147483000; number the classes from 0, as renumber(list.labels) does for a list of readListFile.`,
    );
    await expect(pictureList(list, { numClasses: 2147483001 })).rejects.toThrow(InputError);
    const identified = await readListFile(list);
    const { labels, values } = renumber(identified.labels);
    const classNames = Array.from(values, String);
    const set = fileDataset('own', { root: folder, list: { ...identified, labels }, classNames });
    expect([...set.labels].map((label) => set.classNames[label])).toEqual(['0', '2147483000']);
  });

  it('advises on a label what works for it', async () => {
    const list = join(folder, 'labels.txt');
    const refusal = async (label: number, options: { numClasses?: number } = {}): Promise<string> => {
      writeFileSync(list, `a.jpg ${label}\n`);
      return pictureList(list, options).then(String, ({ message }: Error) => message);
    };
    expect(await refusal(12, { numClasses: 10 })).toContain(
      '12; mend it, or say how many classes there are.',
    );
    expect(await refusal(-1)).toContain('-1; mend it.');
    expect(await refusal(2 ** 40)).toContain('1099511627776; number the classes from 0.');
  });
});
