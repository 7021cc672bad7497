/** Foreign classes by a file: text or JSON, numbers or names, each of ours once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, random } from '@longtail/core';
import { afterAll, expect, it } from 'vitest';
import { readLabelMap } from '../src/label-map.ts';

const path = join(mkdtempSync(join(tmpdir(), 'longtail-map-')), 'map.txt');
afterAll(() => rmSync(path, { force: true }));
const BIRDS = { classNames: ['auk', 'sea eagle', 'wren'], rows: 5 };
const read = (text: string, options: Parameters<typeof readLabelMap>[1] = BIRDS) => {
  writeFileSync(path, text);
  return readLabelMap(path, options);
};

it.each([
  ['4 auk\n0 sea eagle\n2 wren\n'],
  ['# theirs ours\r\n\r\n 4\t0\r\n 0  1 \r\n2 wren'],
  ['{"4": "auk", "0": 1, "2": "wren"}'],
  ['\n{\n "4": 0, "0": "sea eagle", "2": 2 }\n'],
])('%j', async (text) => {
  expect(await read(text)).toEqual(Int32Array.of(4, 0, 2));
});

it('a class whose name is a number is meant by its name', async () => {
  const map = await read('0 1\n1 0', { classNames: ['1', '0'], rows: 2 });
  expect(map).toEqual(Int32Array.of(0, 1));
});

it.each([
  ['4 auk\n2 wren', /"sea eagle" \(1\) is not there/],
  ['', /"auk" \(0\) is not there/],
  ['4 auk\n0 auk', /map.txt:2 names "auk" again/],
  ['4 auk\n4 wren', /map.txt:2 names class 4 of the checkpoint again/],
  ['{"1": "wren", "2": 2}', /map.txt, "2" names "wren" again/],
  ['5 auk', /expected a class of the checkpoint, 0 to 4, in .*map.txt:1, but found "5"/],
  ['-1 auk', /but found "-1"/],
  ['crow auk', /but found "crow"/],
  ['1 crow', /expected a class name or a label from 0 to 2 in .*map.txt:1, but found "crow"/],
  ['1 3', /but found "3"/],
  ['auk', /expected a class of the checkpoint and one of ours in .*map.txt:1, but found "auk"/],
  ['{"1": null}', /the value of "1" is null/],
  ['{"1": "auk"', /expected JSON like/],
])('%j is refused', async (text, message) => {
  const refused = read(text);
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(message);
});

it('a file that is not there is named', async () => {
  await expect(readLabelMap(`${path}.absent`, BIRDS)).rejects.toThrow(/map.txt.absent/);
});

it('any order of any rows comes back, whichever way it is written', async () => {
  const { integer, shuffle } = random(0, 'label map');
  for (let i = 0; i < 50; i++) {
    const order = [...shuffle(Int32Array.from({ length: 1000 }, (_, row) => row))].slice(0, 1 + integer(50));
    const classNames = order.map((_, c) => `class ${c}`);
    const pairs = order.map((row, c) => [row, classNames[c]!] as const).reverse();
    const text =
      i % 2 === 0
        ? JSON.stringify(Object.fromEntries(pairs))
        : pairs.map((pair) => pair.join(' ')).join('\n');
    expect([...(await read(text, { classNames, rows: 1000 }))]).toEqual(order);
  }
});
