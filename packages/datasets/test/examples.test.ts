/** The README's programs, on pictures that are drawn here: two of bears and one of a fox, one of a bear to test, one broken. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testExamples } from '@longtail/test-support';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'longtail-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PICTURES = ['train/bear/1.jpg', 'train/bear/2.jpg', 'train/fox/1.jpg', 'test/bear/1.jpg'];
beforeAll(async () => {
  for (const path of PICTURES) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    const create = { width: 300, height: 260, channels: 3, background: '#406080' } as const;
    await sharp({ create }).jpeg().toFile(join(folder, path));
  }
  mkdirSync(join(folder, 'photos/fox'), { recursive: true });
  await sharp(join(folder, PICTURES[0]!)).toFile(join(folder, 'photos/fox/1.jpg'));
  writeFileSync(join(folder, 'photos/fox/2.jpg'), 'no picture');
  writeFileSync(join(folder, 'birds.csv'), `file,species\n${PICTURES[0]},wren\n${PICTURES[1]},kite\n`);
  writeFileSync(join(folder, 'list.txt'), `${PICTURES[0]} 70000\n${PICTURES[2]} 12\n`);
});

testExamples(join(import.meta.dirname, '..'), {
  given: {
    'own-pictures.ts': () => ({
      args: [folder],
      prints: [
        "[ 'bear', 'fox' ] 3 1 Int32Array(1) [ 0 ]",
        "birds.csv [ 'kite', 'wren' ]",
        "[ '12', '70000' ] Int32Array(2) [ 1, 0 ]",
      ],
    }),
    'photos.ts': () => ({ args: [join(folder, 'photos')], prints: ['150528 [ 1, 224, 224, 3 ] 1 1'] }),
  },
});
