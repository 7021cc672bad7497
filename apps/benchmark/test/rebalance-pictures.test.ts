/** Folders of pictures through an ONNX model, by the real command. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePictures } from './colored-pictures.ts';
import { type Ended, longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-folder-'));
const cache = join(root, 'cache');
const MODEL = join(import.meta.dirname, '../../../packages/backbones/test/golden/onnx/any-size.onnx');

/** On wasm, so that the folder of the cache needs no library. */
const rebalance = (...args: string[]): Promise<Ended> =>
  longtail(['rebalance', ...args, '--backend', 'wasm', '--heads', 'ncm', '--select', 'default'], {
    env: { LONGTAIL_CACHE: cache },
  });

beforeAll(async () => {
  await writePictures(
    join(root, 'split/train'),
    { beach: 12, forest: 6, sea: 3 },
    {
      sizes: [
        [40, 32],
        [32, 40],
      ],
    },
  );
  await writePictures(join(root, 'split/test'), { beach: 3, forest: 3, sea: 3 });
  await writePictures(join(root, 'half/train'), { beach: 2, forest: 2 });
  await writePictures(join(root, 'plain'), { beach: 12, forest: 8, sea: 6 });
});
afterAll(() => rmSync(root, { recursive: true }));

describe('rebalance of a folder of pictures', { timeout: 120_000 }, () => {
  it('embeds its splits once, and names the classes', async () => {
    const first = await rebalance(join(root, 'split'), '--onnx', MODEL, '--json');
    expect([first.code, first.stderr]).toEqual([
      0,
      expect.stringMatching(/embeddings in .*cache.*split-any-size-/),
    ]);
    const { classes, testedOn, rows } = JSON.parse(first.stdout);
    expect([testedOn, rows.test, JSON.stringify(classes)]).toEqual([
      'test',
      9,
      expect.stringMatching(/beach.*forest.*sea/),
    ]);
    const again = await rebalance(join(root, 'split'), '--onnx', MODEL, '--json');
    expect(readdirSync(join(cache, 'embeddings'))).toHaveLength(1);
    const scores = ({ stdout }: Ended) =>
      JSON.parse(stdout).heads.map((head: { scores: unknown }) => head.scores);
    expect(scores(again)).toEqual(scores(first));
  });

  it('reads what `extract` without a recipe makes of the folder, to the same scores', async () => {
    const store = join(root, 'store');
    const extracted = await longtail([
      'extract',
      '--onnx',
      MODEL,
      '--data',
      join(root, 'split'),
      '--out',
      store,
    ]);
    expect([extracted.code, extracted.stdout]).toEqual([0, expect.stringMatching(/21 train .* 9 test /)]);
    const scores = ({ stdout }: Ended) => JSON.parse(stdout).heads[0].scores;
    const of = await Promise.all(
      [store, join(root, 'split')].map((at, i) => rebalance(at, ...(i ? ['--onnx', MODEL] : []), '--json')),
    );
    expect(scores(of[0]!)).toEqual(scores(of[1]!));
    const none = await longtail(['extract', '--onnx', MODEL, '--out', store]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/--recipe, or --data with a folder/)]);
    const plain = ['extract', '--onnx', MODEL, '--data', join(root, 'plain'), '--out', join(root, 'no')];
    const cases: [string[], number, RegExp][] = [
      [[...plain, '--splits', 'train,test'], 2, /asks for test, but .*plain has train alone/],
      [[...plain, '--seed', 'x'], 2, /^--seed takes an integer, but got "x"\.$/m],
      [
        plain.with(4, join(root, 'half')),
        1,
        /in .*half, but of these there is train\/ alone; put the other beside it, or name .*half\/train itself/,
      ],
    ];
    for (const [args, code, message] of cases) {
      const ended = await longtail(args);
      expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(message)]);
    }
    expect(existsSync(join(root, 'no'))).toBe(false);
    const nameless = [
      'extract',
      '--checkpoint',
      MODEL,
      '--data',
      join(root, 'split'),
      '--out',
      join(root, 'no'),
    ];
    expect((await longtail(nameless)).code).not.toBe(0);
  });

  it('tests by folds where there is no test part', async () => {
    const { code, stdout } = await rebalance(join(root, 'plain'), '--onnx', MODEL, '--json');
    const found = JSON.parse(stdout);
    expect([code, found.testedOn, found.rows.train]).toEqual([0, 'folds', 26]);
  });

  it('says what does not go together', async () => {
    const file = join(root, 'table.csv');
    writeFileSync(file, '1,2\n');
    const cases: [string[], RegExp][] = [
      [
        [join(root, 'plain')],
        /plain is a folder and no store of features; of a folder of pictures name the model, with --onnx/,
      ],
      [[file, '--onnx', MODEL], /--onnx is of a folder of pictures, but .*table\.csv is a file/],
      [[join(root, 'plain'), '--onnx', join(root, 'no.onnx')], /expected a model in .*no\.onnx/],
      [[join(root, 'plain'), '--onnx', MODEL, '--labels', file], /leave out --labels/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await rebalance(...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
