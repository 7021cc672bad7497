import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { readCocoJson } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-coco-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATH = join(folder, 'train.json');
function read(content: unknown) {
  writeFileSync(PATH, typeof content === 'string' ? content : JSON.stringify(content));
  return readCocoJson(PATH, { numClasses: 10 });
}
const image = { id: 1, file_name: 'a.jpg' };
const annotation = { image_id: 1, category_id: 9 };

describe('readCocoJson', () => {
  it.each([
    [{ images: [image], annotations: [{ ...annotation, category_id: 10 }] }, 'annotations[0], but it is 10'],
    [{ images: [image], annotations: [{ image_id: 2, category_id: 0 }] }, 'annotations[0] among the images'],
    [{ images: [image], annotations: [annotation, 'x'] }, 'an object in PATH, annotations[1], but found "x"'],
    [{ images: [image], annotations: [{ image_id: 1 }] }, '"category_id" in PATH, annotations[0]'],
    [{ images: [{ id: 1 }], annotations: [annotation] }, '"file_name" in PATH, images[0] to be a text'],
    [{ images: [image, image], annotations: [] }, 'images[1] has 1 again'],
    [{ images: [{ ...image, id: 1.5 }], annotations: [] }, '"id" in PATH, images[0]'],
    [{ images: [{ id: 1, file_name: '../a.jpg' }], annotations: [annotation] }, 'leaves the folder'],
    [{ images: [image], annotations: [] }, 'expected pictures in PATH'],
    [[image], 'expected pictures in PATH'],
    ['{"images": [{"id": 1,\n "file_name": }]}', 'expected JSON in PATH, but at line 2, position 15'],
    ['{"images": [', 'expected JSON in PATH, but at its end it is none'],
    ['', 'expected JSON in PATH, but at its end'],
    [`{"images": ${'['.repeat(2000)}${']'.repeat(2000)}}`, 'expected JSON in PATH'],
  ])('refuses what is wrong and says where (%#)', async (content, message) => {
    const reading = read(content);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message.replace('PATH', PATH));
  });

  it('takes the images before or after, and what it does not know', async () => {
    const { list, categories } = await read({
      licenses: [{ images: 1 }],
      annotations: [annotation, { ...annotation, category_id: 3, bbox: [1, 2] }],
      images: [{ ...image, width: 1e3 }],
      categories: [{ id: 3, name: 'heron' }],
    });
    expect([list.length, ...list.labels, list.path(1), categories.get(3)]).toEqual([
      2,
      9,
      3,
      'a.jpg',
      'heron',
    ]);
  });

  it('numbers the classes of another split as the training set does, whatever its own ids are', async () => {
    const content = {
      images: [image],
      annotations: [annotation, { ...annotation, category_id: 3 }],
      categories: [
        { id: 3, name: 'heron' },
        { id: 9, name: 'auk' },
      ],
    };
    writeFileSync(PATH, JSON.stringify(content));
    const { list } = await readCocoJson(PATH, { classNames: ['auk', 'crane', 'heron'] });
    expect([...list.labels]).toEqual([0, 2]);
    await expect(readCocoJson(PATH, { classNames: ['auk', 'crane'] })).rejects.toThrow(
      `expected one of the 2 class names in ${PATH}, annotations[1], but its category is 3 (heron)`,
    );
  });
});
