import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sharedOrSkip } from '@longtail/test-support';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Dataset,
  gitBlob,
  IMAGENET_LT,
  imageFolder,
  PLACES_LT,
  type Published,
  pictureList,
  placesLT,
  TINY_IMAGENET_LT,
  tinyImagenetLT,
  verify,
} from '../src/index.ts';
import { collector, type ProblemKind } from '../src/verify/problems.ts';
import { checkPublished } from '../src/verify/published-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listed(name: string, lines: string[]) {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return pictureList(path, { root: join(folder, 'root'), numClasses: 3 });
}

beforeAll(async () => {
  mkdirSync(join(folder, 'root'));
  const noise = { type: 'gaussian' as const, mean: 99, sigma: 30 };
  const jpeg = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#000', noise } })
    .jpeg()
    .toBuffer();
  // What is behind the end of a JPEG is not read: as many files of equal length as are wanted.
  for (let i = 0; i < 6; i++)
    writeFileSync(join(folder, `root/${i}.jpg`), Buffer.concat([jpeg, Buffer.of(i)]));
  truncateSync(join(folder, 'root/5.jpg'), 3000);
  writeFileSync(join(folder, 'root/empty.jpg'), '');
  writeFileSync(join(folder, 'root/text.jpg'), 'not a picture, but long enough to be one');
  symlinkSync('/etc/hostname', join(folder, 'root/link.jpg'));
});

describe('verify', () => {
  it('finds nothing in a whole set, and counts what it saw', async () => {
    const splits = {
      train: await listed('a.txt', ['0.jpg 0', '1.jpg 0', '2.jpg 1']),
      test: await listed('b.txt', ['3.jpg 2']),
    };
    const progress: string[] = [];
    const found = await verify(splits, {
      decode: true,
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    });
    expect(found).toEqual({
      pictures: { train: 3, test: 1 },
      decoded: true,
      problems: { total: 0, byKind: {}, first: [] },
      notes: {
        total: 2,
        byKind: { classes: 2 },
        first: [
          { kind: 'classes', message: 'train has no picture of 1 class: 2.' },
          { kind: 'classes', message: 'test has no picture of 2 classes: 0, 1.' },
        ],
      },
    });
    expect(progress).toEqual(['3/4', '4/4']);
  });

  it('names each kind of problem with its place, and a cut picture when it decodes', async () => {
    const train = await listed('c.txt', [
      '0.jpg 0',
      'empty.jpg 0',
      'text.jpg 1',
      'gone.jpg 1',
      'link.jpg 2',
      '5.jpg 2',
      '0.jpg 1',
    ]);
    const test = await listed('d.txt', ['1.jpg 0', '5.jpg 0']);
    const quick = await verify({ train, test });
    expect(quick.problems.byKind).toEqual({ duplicate: 2, picture: 4 });
    const messages = quick.problems.first.map(({ message }) => message).join('\n');
    for (const part of [
      `0.jpg is ${folder}/c.txt, line 1 (train) and ${folder}/c.txt, line 7 (train); list it once`,
      `5.jpg is ${folder}/c.txt, line 6 (train) and ${folder}/d.txt, line 2 (test); list it once`,
      'line 2), but the file is empty',
      'line 3), but its first bytes are of no picture',
      'line 4), but it is not there',
      'a link leads out of it',
    ])
      expect(messages).toContain(part);
    const whole = await verify({ train, test }, { decode: true, keep: 1 });
    expect(whole.problems).toMatchObject({ total: 8, byKind: { duplicate: 2, picture: 6 } });
    expect(whole.problems.first).toHaveLength(1);
  });

  it('finds the same bytes under whatever name, and never advises to remove a picture', async () => {
    const root = join(folder, 'copies');
    const file = (path: string, content: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `GIF89a${content}`);
    };
    const long = 'x'.repeat(6000);
    for (const [path, content] of [
      ['train/ant/1.gif', 'one'],
      ['train/ant/2.gif', 'two'],
      ['train/ant/3.gif', 'two'],
      ['train/bee/1.gif', 'TWO'],
      ['train/bee/2.gif', `a${long}`],
      ['train/bee/3.gif', `b${long}`],
      ['train/bee/4.gif', 'one'],
      ['test/ant/1.gif', 'uno'],
      ['test/bee/9.gif', `b${long}`],
    ] as const)
      file(path, content);
    const train = await imageFolder(join(root, 'train'));
    const test = await imageFolder(join(root, 'test'), { classNames: train.classNames });
    const compared: string[] = [];
    const found = await verify(
      { test, train },
      { onCompare: (done, total) => compared.push(`${done}/${total}`) },
    );
    const at = (path: string) => join(root, path);
    expect(found.problems.first.map(({ message }) => message)).toEqual([
      `expected one class a picture, but ${at('train/ant/1.gif')} (train, ant) and ${at('train/bee/4.gif')} (train, bee) hold the same bytes; decide which class is right.`,
      `expected no picture in two splits, but ${at('train/bee/3.gif')} (train, bee) and ${at('test/bee/9.gif')} (test, bee) hold the same bytes, and scores on test come out too good; split the set anew, or say so with the scores.`,
    ]);
    expect(found.notes.first.map(({ message }) => message)).toEqual([
      `${at('train/ant/2.gif')} (train, ant) and ${at('train/ant/3.gif')} (train, ant) hold the same bytes.`,
    ]);
    expect(compared).toEqual(['3/3']);
    const published = await verify(
      { train, test },
      { published: { ...IMAGENET_LT, lists: {}, numClasses: 2 } },
    );
    expect([published.problems.byKind, published.notes.byKind]).toEqual([{ counts: 1 }, { duplicate: 3 }]);
    const stopped = verify({ train, test }, { signal: AbortSignal.abort(new Error('stop')) });
    await expect(stopped).rejects.toThrow('stop');
  });

  it('looks at packs and other parts of files, too', async () => {
    const shard = join(folder, 'shard');
    writeFileSync(shard, 'GIF89a1GIF89a2GIF89a1text.text.');
    const set: Dataset = {
      name: 'parts',
      length: 4,
      labels: Int32Array.of(0, 1, 1, 0),
      classNames: ['ant', 'bee'],
      read: () => ({ data: new Uint8Array(3), height: 1, width: 1, channels: 3 }),
      file: (i) => ({ path: shard, offset: 7 * i, length: 7 }),
    };
    const { problems } = await verify({ train: set });
    expect(problems.byKind).toEqual({ picture: 1, duplicate: 1 });
    expect(problems.first[0]!.message).toContain(
      'picture 3 of parts), but its first bytes are of no picture',
    );
    expect(problems.first[1]!.message).toContain(
      `${shard}, picture 2 of parts (train, bee) hold the same bytes`,
    );
  });

  it('says what a folder has besides its pictures', async () => {
    const root = join(folder, 'besides');
    mkdirSync(join(root, 'ant/.ipynb_checkpoints'), { recursive: true });
    writeFileSync(join(root, 'ant/1.gif'), 'GIF89a');
    writeFileSync(join(root, 'ant/1.txt'), '');
    const { notes, problems } = await verify({ train: await imageFolder(root) });
    expect([problems.total, notes.byKind]).toEqual([0, { 'left out': 1 }]);
    expect(notes.first[0]!.message).toMatch(/^left out of train: 1 .*, 1 .*; the first of them: ant\/.*\.$/);
  });

  it('compares lists and counts with the published ones, and archives with their MD5', async () => {
    const train = await listed('e.txt', ['0.jpg 0', '1.jpg 0', '2.jpg 1']);
    const published: Published = {
      ...IMAGENET_LT,
      numClasses: 3,
      classCounts: { ...IMAGENET_LT.classCounts, sha256: 'other' },
      lists: { train: { files: [], lines: 4, gitBlob: 'other' } },
    };
    const archive = { path: train.list.source, md5: 'other' };
    const { problems } = await verify({ train }, { published, archives: [archive] });
    expect(problems.byKind).toEqual({ list: 1, checksum: 2, counts: 1 });
    expect(problems.first[0]!.message).toContain(`expected 4 train pictures, but ${folder}/e.txt has 3`);
    expect(await gitBlob(train.list.source)).toBe(
      execFileSync('git', ['hash-object', '--no-filters', train.list.source], { encoding: 'utf8' }).trim(),
    );
    await expect(verify({ train }, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('finds the real lists as published, and every picture of the real small set', async (context) => {
    const [places, tiny] = [
      sharedOrSkip(context, 'data/places-lt'),
      sharedOrSkip(context, 'data/tiny-imagenet-lt'),
    ];
    const problems = collector<ProblemKind>();
    await checkPublished(await placesLT(places), PLACES_LT, problems);
    expect(problems.report().total).toBe(0);
    const set = await tinyImagenetLT(tiny, { cache: folder });
    const found = await verify(set, { published: TINY_IMAGENET_LT });
    expect([found.problems.total, found.pictures]).toEqual([0, { train: 21_052, validation: 2000 }]);
  });
});
