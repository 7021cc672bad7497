/** A decoded picture depends on its bytes alone: not on what the thread has decoded, or failed to decode, before. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { random } from '@longtail/core';
import { shared } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureList, verify } from '../src/index.ts';
import { decodedDigest, preparedDigests, TRANSFORMS } from './alone.ts';
import { oddPictures } from './odd/corpus.ts';

/** Whole ones, and those that lean on what a decoder keeps or that leave it in mid-picture. */
const CHOSEN = [
  /^444\.(whole|no-huffman-tables|no-quantisation|tables-only|two-soi|height-0|huffman-table-3)\.jpg/,
  /^optimised\.(whole|picture-inside-cut-in-header|half-the-scan-after-junk)\.jpg/,
  /^(cmyk\.whole|progressive\.(whole|frame-c1))\.jpg/,
  /^(rgb-8|numbered|lossy|rle8)\.(whole|cut-0.5)\.(png|gif|webp|bmp)/,
];
const ROUNDS = 6;

let folder: string;
let files: string[];
let alone: Record<string, string>[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longtail-order-'));
  const chosen = [...oddPictures()].filter(([name]) => CHOSEN.some((names) => names.test(name)));
  for (const [name, file] of chosen) writeFileSync(join(folder, name), file);
  const strangers = shared('data/strangers');
  if (existsSync(strangers))
    for (const name of readdirSync(strangers).filter((file) => /\.(jpg|png|gif)$/.test(file)))
      writeFileSync(join(folder, `stranger-${name}`), readFileSync(join(strangers, name)));
  else console.warn(`left out: no ${strangers}`);
  files = readdirSync(folder).map((name) => join(folder, name));
  alone = [];
  const program = join(import.meta.dirname, 'alone.ts');
  for (let i = 0; i < files.length; i += 4) {
    const some = files.slice(i, i + 4).map((file) => promisify(execFile)(process.execPath, [program, file]));
    for (const { stdout } of await Promise.all(some)) alone.push(JSON.parse(stdout));
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

function shuffled(round: number): number[] {
  const numbers = random(5, 'order', round);
  const order = [...files.keys(), ...files.keys()];
  for (let i = order.length - 1; i > 0; i--) {
    const j = numbers.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

describe('good and bad pictures in any order', () => {
  it('are both among them', () => {
    const refused = alone.filter(({ decoded }) => decoded === 'refused').length;
    expect(refused).toBeGreaterThan(8);
    expect(alone.length - refused).toBeGreaterThan(8);
  });

  it('decode one after another as each alone in a process', async () => {
    for (let round = 0; round < ROUNDS; round++)
      for (const i of shuffled(round))
        expect([files[i], await decodedDigest(files[i]!)]).toEqual([files[i], alone[i]!.decoded]);
  });

  it('decode at the same time as each alone in a process', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const order = shuffled(round);
      const found = await Promise.all(order.map((i) => decodedDigest(files[i]!)));
      expect(found).toEqual(order.map((i) => alone[i]!.decoded));
    }
  });

  it.each(Object.entries(TRANSFORMS))(
    'are %s by threads as each alone in a process',
    async (name, transform) => {
      for (let round = 0; round < ROUNDS; round++)
        for (const workers of [1, 3]) {
          const found = await preparedDigests(files, { transform, order: shuffled(round), workers });
          for (const [i, digests] of found.entries())
            expect([files[i], [...digests].join() || 'refused']).toEqual([files[i], alone[i]![name]]);
        }
    },
  );

  it('are told from one another by verify', async () => {
    const list = join(folder, 'list.txt');
    const order = shuffled(0);
    writeFileSync(list, order.map((i) => `${basename(files[i]!)} 0\n`).join(''));
    const set = await pictureList(list, { root: folder, numClasses: 1 });
    const { problems } = await verify({ train: set }, { decode: true });
    const bad = order.filter((i) => alone[i]!.decoded === 'refused');
    expect(problems.byKind.picture).toBe(bad.length);
  });

  it.each(Object.entries(TRANSFORMS))(
    'are left out when %s if and only if they cannot be decoded',
    (name) => {
      for (const [i, { decoded, [name]: prepared }] of alone.entries())
        expect([files[i], prepared === 'refused']).toEqual([files[i], decoded === 'refused']);
    },
  );
});
