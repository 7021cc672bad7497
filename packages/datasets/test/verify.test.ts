import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedOrSkip } from '@longtail/test-support';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  gitBlob,
  IMAGENET_LT,
  PLACES_LT,
  type Published,
  pictureList,
  placesLT,
  TINY_IMAGENET_LT,
  tinyImagenetLT,
  verify,
} from '../src/index.ts';
import { problemCollector } from '../src/verify/problems.ts';
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
  for (let i = 0; i < 6; i++) writeFileSync(join(folder, `root/${i}.jpg`), jpeg);
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
      `0.jpg is in ${folder}/c.txt, line 1 and in ${folder}/c.txt, line 7`,
      `5.jpg is in ${folder}/c.txt, line 6 and in ${folder}/d.txt, line 2`,
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
    const problems = problemCollector();
    await checkPublished(await placesLT(places), PLACES_LT, problems);
    expect(problems.report().total).toBe(0);
    const set = await tinyImagenetLT(tiny, { cache: folder });
    const found = await verify(set, { published: TINY_IMAGENET_LT });
    expect([found.problems.total, found.pictures]).toEqual([0, { train: 21_052, validation: 2000 }]);
  });
});
