/** What cRT and LWS learn from: cached features, augmented views, or pictures through the frozen backbone every epoch. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transform } from '@longtail/datasets';
import { linearFrom } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { argmax } from '@longtail/metrics';
import { resultsCsv } from '@longtail/report/files';
import { classAware } from '@longtail/samplers';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractFeatures } from '../src/extract-features.ts';
import type { HeadFeatures } from '../src/head-features.ts';
import { makeLivePass } from '../src/live-pass.ts';
import { restoreStatistics } from '../src/moved-statistics.ts';
import { loadRepresentation } from '../src/representation-file.ts';
import { readArrays, type StageArrays } from '../src/stage-file.ts';
import { scoreTable } from '../src/text/score-table.ts';
import { beginRepresentation } from '../src/train-representation.ts';
import { at, recipe, run, settingsOf, tinyPictures } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-head-features-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const of = (features: HeadFeatures, headEpochs = 2) => ({ options: { features, headEpochs } });
const names: readonly HeadFeatures[] = ['cached', 'views=1', 'live-frozen', 'live'];
const classifiers = new Map<HeadFeatures, StageArrays>();
const predictions = new Map<HeadFeatures, StageArrays>();
const weights = (features: HeadFeatures, name: string): Float32Array =>
  classifiers.get(features)!.arrays.get(name)!.data as Float32Array;
const movedNames = (features: HeadFeatures): string[] =>
  [...classifiers.get(features)!.arrays.keys()].filter((name) => name.startsWith('statistics.'));

/** Whole numbers of any size, from the picture's own stream. */
const noise: Transform = (picture, { uniform }) => ({
  ...picture,
  data: Uint8Array.from(picture.data, () => 256 * uniform()),
});

beforeAll(async () => {
  for (const features of names) {
    const folder = join(root, features);
    await run(folder, of(features));
    classifiers.set(features, await readArrays(at(folder, 'classifiers'), { after: '' }));
    predictions.set(features, await readArrays(at(folder, 'predictions'), { after: '' }));
  }
}, 120_000);

describe('where pictures stay as they are and statistics where they were', () => {
  // The same function of the same pictures: batches of 8 are summed in another order than those of 100, in float32, and
  // the logits of LWS one batch after another instead of all at once.
  const tolerance = { absolute: 1e-5, relative: 1e-4 };

  it.each(['views=1', 'live-frozen'] as const)('%s learns what cached features teach', (features) => {
    for (const name of ['crt.weight', 'crt.bias', 'lws.scale'])
      toBeCloseTo(weights(features, name), weights('cached', name), tolerance);
    for (const head of ['joint', 'ncm', 'crt', 'tau', 'lws'])
      expect(predictions.get(features)!.arrays.get(head)!.data).toEqual(
        predictions.get('cached')!.arrays.get(head)!.data,
      );
    expect(movedNames(features)).toEqual([]);
  });

  it('cRT is the same to the bit of a view', () => {
    expect(weights('views=1', 'crt.weight')).toEqual(weights('cached', 'crt.weight'));
  });
});

describe('live', () => {
  const trained = async () => {
    const network = await beginRepresentation(recipe, tinyPictures(), settingsOf({}));
    await loadRepresentation(at(join(root, 'live'), 'representation'), network);
    return network;
  };

  it('moves every running statistic, and keeps the representation as it was', async () => {
    const { arrays } = classifiers.get('live')!;
    const [there, before] = await Promise.all(
      ['live', 'cached'].map((run) => readArrays(at(join(root, run), 'representation'), { after: '' })),
    );
    expect([...there!.arrays]).toEqual([...before!.arrays]);
    expect(movedNames('live').length).toBe(2 * 7); // of ResNet-8: 7 batch norms
    for (const name of movedNames('live'))
      expect(arrays.get(name)!.data).not.toEqual(
        there!.arrays.get(name.replace('statistics', 'backbone'))!.data,
      );
  });

  it('by a tenth to the mean and the unbiased variance of each batch of the sampler', async () => {
    const { backbone, joint } = await trained();
    const { train } = tinyPictures();
    const pixels = await Promise.all(Array.from({ length: train.length }, async (_, i) => train.read(i)));
    const sampler = classAware(train.labels, { seed: 0 });
    const [mean, variance] = ['running_mean', 'running_var'].map(
      (name) => backbone.weights.get(`bn1.${name}`)!.dataSync().slice() as Float32Array,
    );
    const start = mean!.slice();
    for (const epoch of [0, 1])
      for (const first of [0, 8]) {
        const own = sampler.indices(epoch).subarray(first, first + 8);
        const bytes = Uint8Array.from([...own].flatMap((i) => [...pixels[i]!.data]));
        const found = tf.tidy(() => {
          const images = imagesFromBytes(bytes, [8, 8, 8, 3], recipe.statistics);
          const filter = backbone.weights.get('conv1.weight') as unknown as tf.Tensor4D;
          const moments = tf.moments(tf.conv2d(images, filter, 1, 'same'), [0, 1, 2]);
          return { mean: [...moments.mean.dataSync()], variance: [...moments.variance.dataSync()] };
        });
        const count = 8 * 8 * 8;
        for (const [c, value] of found.mean.entries()) mean![c] = 0.9 * mean![c]! + 0.1 * value;
        for (const [c, value] of found.variance.entries())
          variance![c] = 0.9 * variance![c]! + (0.1 * value * count) / (count - 1);
      }
    toBeCloseTo(weights('live', 'statistics.bn1.running_mean'), mean!, { absolute: 1e-6, relative: 1e-5 });
    toBeCloseTo(weights('live', 'statistics.bn1.running_var'), variance!, { absolute: 1e-6, relative: 1e-5 });
    expect([...start]).not.toEqual([...mean!]);
    backbone.dispose();
    joint.dispose();
  });

  it('tests cRT and LWS by the statistics that moved, and the others by those of stage 1', async () => {
    const { backbone, joint } = await trained();
    const found = classifiers.get('live')!;
    restoreStatistics(backbone, found);
    const { test } = tinyPictures();
    const { values, featureDim } = await extractFeatures(backbone, test, { statistics: recipe.statistics });
    const features = tf.tensor2d(values, [test.length, featureDim]);
    const weight = found.float32('crt.weight', [3, featureDim]).data;
    const crt = linearFrom('crt', {
      weight: tf.tensor2d(weight, [3, featureDim]),
      bias: tf.tensor1d(found.float32('crt.bias', [3]).data),
    });
    const classes = argmax(
      tf.tidy(() => crt.logits(features).dataSync().slice()),
      { numClasses: 3 },
    );
    expect([...(predictions.get('live')!.arrays.get('crt')!.data as Int32Array)]).toEqual([...classes]);
    for (const head of ['joint', 'ncm', 'tau'])
      expect(predictions.get('live')!.arrays.get(head)!.data).toEqual(
        predictions.get('cached')!.arrays.get(head)!.data,
      );
    for (const one of [backbone, joint, crt, features]) one.dispose();
  });

  it('goes through the backbone in parts where a batch does not fit, which only batch norms notice', async () => {
    const { backbone, joint } = await trained();
    const { train } = tinyPictures();
    const pass = async (microBatch: number, training: boolean) => {
      const settings = settingsOf({ options: { microBatch } });
      const how = { recipe, settings, training, epoch: 0, signal: new AbortController().signal };
      const order = Int32Array.of(4, 20, 0, 7, 13, 8, 15, 16);
      return (await makeLivePass(backbone, train, order, { ...how, onBatch: () => {} })).get('features')!
        .data as Float32Array;
    };
    // Sums of float32 in another order.
    toBeCloseTo(await pass(3, false), await pass(0, false), { absolute: 1e-5, relative: 1e-5 });
    const [parts, whole] = [await pass(4, true), await pass(0, true)];
    expect(parts.some((value, i) => Math.abs(value - whole[i]!) > 1e-3)).toBe(true);
    backbone.dispose();
    joint.dispose();
  });

  it('sees other crops every epoch, and the same ones in another run', async () => {
    const [one, again] = [join(root, 'noise'), join(root, 'noise again')];
    await run(one, { ...of('live-frozen'), augment: noise });
    await run(again, { ...of('live-frozen'), augment: noise });
    const read = (folder: string) => readFileSync(at(folder, 'classifiers'));
    expect(read(again).equals(read(one))).toBe(true);
    const { arrays } = await readArrays(at(one, 'classifiers'), { after: '' });
    expect(arrays.get('crt.weight')!.data).not.toEqual(weights('live-frozen', 'crt.weight'));
  });
});

describe('views', () => {
  it('are taken in turn: a second one is of the second epoch', async () => {
    const crt = async (features: HeadFeatures, headEpochs: number) => {
      const folder = join(root, `${features} ${headEpochs}`);
      await run(folder, { ...of(features, headEpochs), augment: noise });
      return (await readArrays(at(folder, 'classifiers'), { after: '' })).arrays.get('crt.weight')!.data;
    };
    expect(await crt('views=2', 1)).toEqual(await crt('views=1', 1));
    expect(await crt('views=2', 2)).not.toEqual(await crt('views=1', 2));
  });
});

it.each(names)('%s is named in results, table, report and every row', async (features) => {
  const results = await run(join(root, features), of(features));
  expect(results.options!.features).toBe(features);
  expect(results.stamps['instance-balanced']!.classify!.features).toBe(features);
  const { batchNorm } = results.protocol!;
  expect(batchNorm).toContain(features === 'cached' ? 'cached once' : features);
  expect(batchNorm).toContain(features === 'live' ? 'statistics moving' : 'statistics frozen');
  expect(scoreTable(results)).toContain(batchNorm);
  const [, ...rows] = resultsCsv(results).trim().split('\n');
  expect(rows.length).toBe(5);
  for (const row of rows) expect(row).toContain(batchNorm);
});
