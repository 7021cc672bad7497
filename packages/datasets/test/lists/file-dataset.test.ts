import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError } from '@longtail/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFolder, pictureList } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-files-'));
const root = join(folder, 'root');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const grey = (level: number) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: { r: level, g: level, b: level } } });

beforeAll(async () => {
  mkdirSync(join(root, 'b class/inner'), { recursive: true });
  mkdirSync(join(root, 'a'));
  await grey(10).png().toFile(join(root, 'a/1.png'));
  await grey(20).jpeg().toFile(join(root, 'b class/2 of 3.jpg'));
  await grey(30).png().toFile(join(root, 'b class/inner/3.PNG'));
  await grey(40).png().toFile(join(folder, 'outside.png'));
  writeFileSync(join(root, 'a/notes.txt'), 'no picture');
  symlinkSync(join(root, 'a/1.png'), join(root, 'inside-link.png'));
  symlinkSync('../outside.png', join(root, 'outside-link.png'));
  symlinkSync(folder, join(root, 'up'));
  symlinkSync(root, join(folder, 'link-to-root'));
  writeFileSync(join(root, 'empty.jpg'), '');
  writeFileSync(join(root, 'text.jpg'), 'this is no picture');
  await sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 99, sigma: 30 },
    },
  })
    .jpeg()
    .toFile(join(root, 'cut.jpg'));
  truncateSync(join(root, 'cut.jpg'), 2000);
});

async function listed(...lines: string[]) {
  writeFileSync(join(folder, 'list.txt'), lines.map((line) => `${line} 0\n`).join(''));
  return pictureList(join(folder, 'list.txt'), { root });
}

describe('a set of files', () => {
  it('reads its pictures, through links inside the root and to it', async () => {
    const set = await listed('a/1.png', 'b class/2 of 3.jpg', 'inside-link.png');
    const pictures = await Promise.all([0, 1, 2].map((i) => set.read(i)));
    expect(pictures.map(({ height, width, channels, data }) => [height, width, channels, data[0]])).toEqual([
      [30, 40, 3, 10],
      [30, 40, 3, 20],
      [30, 40, 3, 10],
    ]);
    const linked = await pictureList(join(folder, 'list.txt'), { root: join(folder, 'link-to-root') });
    expect(linked.file(1)).toEqual(set.file(1));
    expect(() => set.file(3)).toThrow(InputError);
  });

  it.each([
    ['outside-link.png', 'a link leads out of it'],
    ['up/outside.png', 'a link leads out of it'],
    ['gone.png', 'it is not there'],
    ['a/1.png/x.png', 'it is not there'],
    ['a', 'it is a folder'],
    ['empty.jpg', 'the file is empty'],
    ['text.jpg', 'cannot be decoded'],
    ['cut.jpg', 'cannot be decoded'],
  ])('refuses %s: %s', async (path, message) => {
    const set = await listed('a/1.png', path);
    const reading = Promise.resolve().then(() => set.read(1));
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(join(folder, 'list.txt, line 2'));
  });
});

describe('imageFolder', () => {
  it('takes classes and pictures in the order of their names, as torchvision does', async () => {
    const pictures = join(folder, 'pictures');
    mkdirSync(pictures);
    for (const name of ['a', 'b class']) symlinkSync(join(root, name), join(pictures, name));
    const set = await imageFolder(pictures);
    expect(set.classNames).toEqual(['a', 'b class']);
    expect([...set.labels]).toEqual([0, 1, 1]);
    expect([0, 1, 2].map(set.list.path)).toEqual(['a/1.png', 'b class/2 of 3.jpg', 'b class/inner/3.PNG']);
    expect(() => set.file(0)).toThrow('a link leads out of it');
    const swapped = await imageFolder(pictures, { classNames: ['b class', 'a'] });
    expect([...swapped.labels]).toEqual([0, 0, 1]);
  });

  it('numbers the classes of another split as the training set does', async () => {
    const split = join(folder, 'split');
    for (const name of ['ant', 'cat']) mkdirSync(join(split, name), { recursive: true });
    await grey(50).png().toFile(join(split, 'cat/1.png'));
    const classNames = ['ant', 'bee', 'cat'];
    const set = await imageFolder(split, { classNames }); // no picture of ants, no folder of bees
    expect([[...set.labels], set.classNames]).toEqual([[2], classNames]);
    await expect(imageFolder(split, { classNames: ['ant', 'bee'] })).rejects.toThrow(
      `of the training set's 2 classes in ${split}, but ${join(split, 'cat')} is of none of them`,
    );
    await expect(imageFolder(join(folder, 'nothing'), { classNames })).rejects.toThrow(
      'it is not there (ENOENT); check',
    );
  });

  it('names what is missing, and never advises to remove a folder', async () => {
    mkdirSync(join(folder, 'classes/none'), { recursive: true });
    writeFileSync(join(folder, 'classes/none/1.heic'), '');
    const error: Error = await imageFolder(join(folder, 'classes')).catch((error) => error);
    expect(error.message).toMatch(/expected pictures .* in .*none, .*1 \.heic.*class names/);
    expect(error.message).not.toContain('remove');
    await expect(imageFolder(join(folder, 'classes/none'))).rejects.toThrow('expected a folder a class');
    await expect(imageFolder(join(folder, 'nothing'))).rejects.toThrow(DataError);
  });

  it('takes extensions with a dot and without, in letters of any size', async () => {
    const set = join(folder, 'extensions');
    mkdirSync(join(set, 'ant'), { recursive: true });
    for (const name of ['1.png', '2.PNG', '3.jpg'])
      await grey(60)
        .png()
        .toFile(join(set, 'ant', name));
    for (const extension of ['png', '.png', 'PNG', '.PNG'])
      expect(await imageFolder(set, { extensions: [extension] })).toHaveLength(2);
    for (const extensions of ['png', null, [7]])
      await expect(imageFolder(set, { extensions: extensions as never })).rejects.toThrow(InputError);
  });

  it('counts what it leaves out', async () => {
    const set = join(folder, 'odd');
    for (const path of ['ant/.ipynb_checkpoints', 'ant/deep', '__MACOSX', '.git'])
      mkdirSync(join(set, path), { recursive: true });
    for (const path of [
      'ant/._1.png',
      'ant/Thumbs.db',
      'ant/.ipynb_checkpoints/1.png',
      'ant/a.svg',
      'ant/deep/b.SVG',
    ])
      writeFileSync(join(set, path), '');
    for (const path of ['ant/README', 'classes.txt']) writeFileSync(join(set, path), '');
    await grey(60).png().toFile(join(set, 'ant/1.png'));
    const { length, leftOut } = await imageFolder(set);
    expect([length, leftOut!.total, leftOut!.byKind]).toEqual([
      1,
      9,
      { hidden: 5, '.svg': 2, 'without an extension': 1, 'outside of the class folders': 1 },
    ]);
    expect(leftOut!.first).toHaveLength(5);
    expect(leftOut!.first.join()).toContain('.git');
  });

  it('keeps few kinds, whatever the files are called', async () => {
    const set = join(folder, 'kinds');
    mkdirSync(join(set, 'ant'), { recursive: true });
    await grey(60).png().toFile(join(set, 'ant/1.png'));
    for (let i = 0; i < 30; i++) writeFileSync(join(set, `ant/picture.${i}`), '');
    const { leftOut } = await imageFolder(set);
    expect([Object.keys(leftOut!.byKind).length, leftOut!.byKind.others, leftOut!.total]).toEqual([
      21, 10, 30,
    ]);
  });

  it('follows linked folders, but in no circle and not out of its root', async () => {
    const set = join(folder, 'linked');
    for (const path of ['ant', 'bee', 'pool/more']) mkdirSync(join(set, path), { recursive: true });
    for (const path of ['ant/1.png', 'bee/1.png', 'pool/more/2.png'])
      await grey(70).png().toFile(join(set, path));
    symlinkSync('../pool/more', join(set, 'ant/more'));
    symlinkSync('..', join(set, 'ant/up'));
    symlinkSync('../bee', join(set, 'ant/bee'));
    symlinkSync('../ant', join(set, 'bee/ant'));
    const classNames = ['ant', 'bee', 'pool'];
    const { list, leftOut } = await imageFolder(set, { classNames });
    expect(Array.from({ length: list.length }, (_, i) => list.path(i))).toEqual([
      ...['ant/1.png', 'ant/bee/1.png', 'ant/more/2.png'],
      ...['bee/1.png', 'bee/ant/1.png', 'bee/ant/more/2.png', 'pool/more/2.png'],
    ]);
    expect(leftOut!.byKind).toEqual({ 'links in a circle': 4 });
    symlinkSync(folder, join(set, 'pool/out'));
    await expect(imageFolder(set)).rejects.toThrow(
      `${join(set, 'pool/out')} (a folder) to lie inside ${set}`,
    );
  });
});
