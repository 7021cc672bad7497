/** Stage 2 on augmented pictures as a stage of a run: stopped and gone on with, stamped, checked, and cleared away. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { type Dataset, padAndCrop } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimate } from '../src/estimate.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { preflight } from '../src/preflight.ts';
import type { Recipe, RecipeData } from '../src/recipe.ts';
import { stampMetadata } from '../src/run-stamp.ts';
import { readArrays, writeArrays } from '../src/stage-file.ts';
import type { RunContext } from '../src/stages.ts';
import { type Asked, at, carriedOut, recipe, run, settingsOf, tinyPictures } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-head-features-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const asked = (features: string, more: Asked = {}): Asked => ({
  augment: padAndCrop(1),
  ...more,
  options: { features: features as 'live', headEpochs: 3, ...more.options },
});
const read = (folder: string) => readFileSync(at(folder, 'classifiers'));
const passes = (folder: string, ...path: string[]) => join(folder, 'instance-balanced/passes', ...path);

beforeAll(async () => {
  for (const features of ['live', 'live-frozen', 'views=2'])
    await carriedOut(join(root, features), asked(features));
}, 120_000);

describe('stopped and gone on with, the numbers are those of a run that was not', {
  timeout: 120_000,
}, () => {
  it.each([
    ['live', 'epoch 2/3'],
    ['live', 'test pictures'],
    ['live', 'crt'],
    ['live', 'lws'],
    ['live-frozen', 'epoch 3/3'],
    ['views=2', 'train/00001'],
    ['views=2', 'crt'],
  ])('%s in %s', async (features, where) => {
    const folder = join(root, `${features} ${where.replaceAll(/\W/g, '-')}`);
    const before = tf.memory().numTensors;
    const stops = ({ stage, note }: { stage: string; note: string }) =>
      stage === 'classify' && note.startsWith(where);
    await expect(carriedOut(folder, asked(features, { stops }))).rejects.toThrow('stopped');
    expect(tf.memory().numTensors).toBe(before);
    expect(existsSync(at(folder, 'predictions'))).toBe(false);
    const shard = passes(folder, 'views-2/train/00000.safetensors');
    const time = statSync(shard, { throwIfNoEntry: false })?.mtimeMs;
    const seen: number[] = [];
    const onProgress = ({ stage, unit, done }: { stage: string; unit: string; done: number }) => {
      if (stage === 'classify' && unit === 'img') seen.push(done);
    };
    expect((await carriedOut(folder, asked(features, { onProgress }))).done).toEqual(['classify']);
    // Whole passes stay: 21 pictures each, of which an epoch sees 16.
    const kept = { 'epoch 2/3': 21, 'epoch 3/3': 42, 'test pictures': 63, crt: 63, lws: 63 }[where];
    if (features !== 'views=2')
      expect([6, 8]).toContain(seen[0]! - kept!); // the test's pictures, or a batch
    else expect(statSync(shard).mtimeMs).toBe(time);
    expect(read(folder).equals(read(join(root, features)))).toBe(true);
    expect((await evaluateRun(folder)).rows).toEqual((await evaluateRun(join(root, features))).rows);
    expect(existsSync(passes(folder, 'live'))).toBe(false);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a pass that is cut short is made again', async () => {
    const folder = join(root, 'cut');
    const stops = ({ note }: { note: string }) => note.startsWith('epoch 3/3');
    const isClassify = (progress: { stage: string; note: string }) =>
      progress.stage === 'classify' && stops(progress);
    await expect(carriedOut(folder, asked('live', { stops: isClassify }))).rejects.toThrow('stopped');
    expect(readdirSync(passes(folder, 'live')).sort()).toEqual(['0.safetensors', '1.safetensors']);
    truncateSync(passes(folder, 'live', '1.safetensors'), 500);
    await carriedOut(folder, asked('live'));
    expect(read(folder).equals(read(join(root, 'live')))).toBe(true);
  });

  it('a pass of another bit is named, and what is said of it works', async () => {
    const folder = join(root, 'flipped');
    const stops = ({ note }: { note: string }) => note.startsWith('crt');
    await expect(carriedOut(folder, asked('live', { stops }))).rejects.toThrow('stopped');
    const path = passes(folder, 'live', '1.safetensors');
    const content = readFileSync(path);
    content[content.length - 8]! ^= 64;
    writeFileSync(path, content);
    await expect(carriedOut(folder, asked('live'))).rejects.toThrow(
      `expected the numbers that were written in ${path}, but their checksum is another; delete it and run "longtail classify ${folder}" again.`,
    );
    rmSync(path);
    await carriedOut(folder, asked('live'));
    expect(read(folder).equals(read(join(root, 'live')))).toBe(true);
  });
});

describe('a run that is there', { timeout: 120_000 }, () => {
  it('has its classifiers computed again by another protocol, and nothing else', async () => {
    const folder = join(root, 'changed');
    await carriedOut(folder, asked('cached'));
    const stay = () =>
      ['representation', 'features'].map((file) => [
        readFileSync(at(folder, file)),
        statSync(at(folder, file)).mtimeMs,
      ]);
    const [before, cached] = [stay(), read(folder)];
    for (const [there, features] of [
      ['cached', 'live'],
      ['live', 'live-frozen'],
      ['live-frozen', 'views=2'],
      ['views=2', 'cached'],
    ] as const) {
      const { done, notes } = await carriedOut(folder, asked(features));
      expect(done).toEqual(['classify']);
      expect(notes).toEqual([
        `${at(folder, 'classifiers')} cannot stay: features ${there} there, ${features} asked for; classify is done again.`,
      ]);
      const other = features === 'cached' ? cached : read(join(root, features));
      expect(read(folder).equals(other)).toBe(true);
      expect((await carriedOut(folder, asked(features))).done).toEqual([]);
    }
    expect(stay()).toEqual(before);
  });

  it('keeps its views for another rate of the heads', async () => {
    const folder = join(root, 'rate');
    await carriedOut(folder, asked('views=2'));
    const store = passes(folder, 'views-2/train/00000.safetensors');
    const time = statSync(store).mtimeMs;
    await carriedOut(folder, asked('views=2', { options: { headLearningRate: 0.01 } }));
    expect(statSync(store).mtimeMs).toBe(time);
    expect(read(folder).equals(read(join(root, 'views=2')))).toBe(false);
  });

  it('starts over without its passes', async () => {
    const folder = join(root, 'fresh');
    await carriedOut(folder, asked('views=2'));
    await carriedOut(folder, asked('cached', { fresh: true }));
    expect(existsSync(passes(folder))).toBe(false);
  });

  it('is classified again where its stamp does not say what its heads learned from', async () => {
    const folder = join(root, 'before');
    await carriedOut(folder, asked('cached'));
    for (const file of ['classifiers', 'predictions']) {
      const { arrays, metadata, stamp } = await readArrays(at(folder, file), { after: '' });
      const { features, ...classify } = stamp!.classify!;
      expect(features).toBe('cached');
      await writeArrays(at(folder, file), arrays, {
        ...metadata,
        ...stampMetadata({ ...stamp!, classify }),
      });
    }
    expect((await carriedOut(folder, asked('cached'))).done).toEqual(['classify']);
    expect((await carriedOut(folder, asked('cached'))).done).toEqual([]);
    expect((await evaluateRun(folder)).rows.length).toBe(5);
  });

  it('is not gone on with by other pictures', async () => {
    const folder = join(root, 'pictures');
    await carriedOut(folder, asked('cached'));
    const other = asked('live', { pictures: tinyPictures(1), stages: ['classify'] });
    await expect(carriedOut(folder, other)).rejects.toThrow(/pictures 21 pictures, .* asked for/);
    expect(existsSync(passes(folder))).toBe(false);
  });
});

/** A training picture that cannot be read, among those that can. */
function withBadPicture(): RecipeData {
  const { train, test } = tinyPictures();
  const bad: Dataset = {
    ...train,
    read: async (i) => {
      if (i === 20) throw new DataError('expected a picture in 20.jpg.');
      return train.read(i);
    },
  };
  return { train: bad, test };
}

it.each(['live', 'views=2'])('%s leaves out pictures that cannot be read, if asked to', async (features) => {
  const folder = join(root, `bad ${features}`);
  const before = tf.memory().numTensors;
  const results = await run(
    folder,
    asked(features, { pictures: withBadPicture(), options: { onBadImage: 'skip' } }),
  );
  expect(results.protocol!.skipped).toBeGreaterThan(0);
  const { arrays } = await readArrays(at(folder, 'classifiers'), { after: '' });
  for (const { data } of arrays.values())
    expect([...(data as Float32Array)].every(Number.isFinite)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

describe('before the first epoch', { timeout: 120_000 }, () => {
  const context = async (features: string): Promise<RunContext> => {
    const { backend, device, version } = await loadEngine({ backend: 'auto' });
    const own: Recipe = { ...recipe, augment: padAndCrop(1) };
    return {
      folder: join(root, 'nowhere'),
      settings: settingsOf(asked(features)),
      recipe: own,
      engine: { backend, device, version },
      signal: new AbortController().signal,
      data: async () => tinyPictures(),
      onProgress: () => {},
    };
  };

  it.each([
    ['cached', 0, 0],
    ['views=2', 42, 2],
    ['live-frozen', 63, 3],
    ['live', 63 + 6, 3],
  ])('%s is tried, and its %i pictures and %i passes are counted', async (features, pictures, count) => {
    const [cached, own] = [await context('cached'), await context(features)];
    const before = tf.memory().numTensors;
    const found = await preflight(own);
    const [plain, whole] = [await estimate(cached, found), await estimate(own, found)];
    expect(whole.stage2?.pictures ?? 0).toBe(pictures);
    const ofPicture = found.bytes.features / (found.few.train.length + found.few.test.length);
    expect((whole.disk - plain.disk) / (ofPicture * 21)).toBeCloseTo(count, 6);
    expect(whole.seconds).toBeGreaterThan((whole.stage2?.seconds ?? 0) * pictures);
    expect(tf.memory().numTensors).toBe(before);
    expect(existsSync(own.folder)).toBe(false);
  });
});
