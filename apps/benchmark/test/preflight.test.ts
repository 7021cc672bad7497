/** Every stage is tried before the first epoch: what would fail after training fails before it, and nothing else changes. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { liveHandles } from '@longtail/backend-torch';
import { DataError } from '@longtail/core';
import { type Dataset, inMemory } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lackingText } from '../src/cli/check.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { fewOfEach } from '../src/few-pictures.ts';
import { lossNames } from '../src/loss-names.ts';
import { preflight } from '../src/preflight.ts';
import { beginRun } from '../src/run-directory.ts';
import { withSettings } from '../src/settings.ts';
import { carryOut } from '../src/stages.ts';
import { writePictures } from './colored-pictures.ts';
import folderRecipe from './folder-recipe.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-preflight-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [photos, empty] = [join(folder, 'photos'), join(folder, 'empty')];
const NAMES = ['beach', 'forest', 'night', 'sea'];

beforeAll(async () => {
  const each = Object.fromEntries(NAMES.map((name) => [name, 5]));
  await writePictures(join(photos, 'train'), each, { sizes: [[32, 32]] });
  await writePictures(join(photos, 'test'), each, {
    sizes: [
      [32, 32],
      [32, 32],
      [40, 34],
    ],
  });
  await writePictures(join(empty, 'train'), { beach: 0, forest: 20, night: 1, sea: 8 });
  await writePictures(join(empty, 'test'), { beach: 3, forest: 3, night: 0, sea: 3 });
});

/** folder-recipe.ts with something of its own. */
function recipeModule(name: string, own: string): string {
  const url = (path: string) => pathToFileURL(join(import.meta.dirname, path));
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import recipe from '${url('folder-recipe.ts')}';
    import { compose, imageFolder, padAndCrop, randomResizedCrop } from '${url('../../../packages/datasets/src/index.ts')}';
    export default { ...recipe, name: '${name}', ${own} };`,
  );
  return path;
}
const run = (recipe: string, data: string, ...more: string[]) =>
  longtail(['run', recipe, '--data', data, '--out', join(folder, 'out'), ...more]);
const isTrained = () => existsSync(join(folder, 'out/instance-balanced'));

describe('what would fail after the training fails before it', { timeout: 120_000 }, () => {
  it.each([
    [
      'an evaluation that leaves photos of different sizes',
      'augment: randomResizedCrop(32), evaluate: compose()',
      /pictures of one batch must be equally large, but .*40x34/,
    ],
    [
      'an augment that says no size for the evaluation',
      'augment: (picture, random) => padAndCrop(0)({ ...picture, data: picture.data.slice(0, 32 * 96), height: 32 - 8, width: picture.width }, random)',
      /expected squares of one size from the augment/,
    ],
    [
      'statistics that make a loss of no number',
      'augment: randomResizedCrop(32), statistics: { mean: [0, 0, 0], std: [1e-38, 1, 1] }',
      /expected a finite loss of weights that have not moved yet, but it is NaN as in epoch 1/,
    ],
  ])('%s', async (_, own, message) => {
    const ended = await run(recipeModule('failing', own), photos, '--fresh');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(ended.stderr).not.toContain('epoch 1/');
    expect(isTrained()).toBe(false);
  });

  it('a sampler that draws what is not there in its last epoch', async () => {
    const sampler = join(folder, 'late.ts');
    writeFileSync(
      sampler,
      `export default (labels, { epochs }) => ({ name: 'late', length: 8, indices: (epoch) =>
        new Int32Array(8).fill(epoch === epochs - 1 ? labels.length : 0) });`,
    );
    const ended = await run(
      recipeModule('fine', 'augment: randomResizedCrop(32)'),
      photos,
      '--fresh',
      '--set',
      'epochs=5',
      `samplers=${sampler}`,
    );
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(/late\.ts\.indices\(4\)\[0\] is 20/),
    ]);
    expect(ended.stderr).not.toContain('epoch 1/');
  });
});

describe('a class without training pictures', { timeout: 120_000 }, () => {
  const classes = `data: async ({ data }) => { const classNames = ${JSON.stringify(NAMES)};
    return { train: await imageFolder(data + '/train', { classNames }), test: await imageFolder(data + '/test', { classNames }) }; }`;

  it('is named before epoch 1 and goes through every stage, beside one of one picture and one without a test', async () => {
    const ended = await run(recipeModule('empty', classes), empty, '--fresh', '--json', '--set', 'epochs=2');
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(ended.stderr.split('\n').slice(0, 2)).toEqual([
      '1 class has no training picture and cannot be learned: beach',
      expect.stringMatching(/^checked: every stage on 8 pictures of each split, \d+\.\d s$/),
    ]);
    const { rows, dataset } = JSON.parse(ended.stdout);
    expect(dataset.trainCounts).toEqual([0, 20, 1, 8]);
    for (const { scores } of rows)
      expect(scores.perClass).toEqual([0, expect.any(Number), null, expect.any(Number)]);
    const of = (name: string) =>
      rows.find(({ classifier }: { classifier: string }) => classifier === name).scores;
    expect(of('ncm').perClass.slice(1)).toEqual([1, null, 1]);
    expect([of('joint').many, of('joint').few]).toEqual([null, expect.any(Number)]);
  });

  it('is not looked for again in a run that is stopped or over', async () => {
    const module = join(folder, 'empty.ts');
    const again = await run(module, empty, '--set', 'epochs=2');
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringMatching(/checked|cannot be learned/)]);
    rmSync(join(folder, 'out/instance-balanced/features.safetensors'));
    rmSync(join(folder, 'out/instance-balanced/predictions.safetensors'));
    const resumed = await run(module, empty, '--set', 'epochs=2');
    expect([resumed.code, resumed.stderr]).toEqual([
      0,
      expect.not.stringMatching(/checked|cannot be learned/),
    ]);
    expect(resumed.stderr).toContain('extract');
  });

  it('is one of a few names in one line', () => {
    const classNames = Array.from({ length: 9 }, (_, c) => `class ${c}`);
    const set = (labels: number[]): Dataset =>
      inMemory('set', { pixels: new Uint8Array(3 * labels.length), labels, classNames, shape: [1, 1, 3] });
    expect(lackingText(set([...classNames.keys()]))).toBe('');
    expect(lackingText(set([0, 8]))).toBe(
      '7 classes have no training picture and cannot be learned: class 1, class 2, class 3, class 4, class 5, ... (2 more)',
    );
  });
});

describe('the check', { timeout: 120_000 }, () => {
  /** 3 of 4 classes, of 20, 4 and 1 training pictures. */
  const labels = Int32Array.from({ length: 25 }, (_, i) => (i < 20 ? 0 : i < 24 ? 1 : 3));
  const set = (): Dataset =>
    inMemory('grey', {
      pixels: Uint8Array.from({ length: 25 * 768 }, (_, i) => (i * 31) % 251),
      labels,
      classNames: NAMES,
      shape: [16, 16, 3],
    });
  const recipe = { ...folderRecipe, data: async () => ({ train: set(), validation: set(), test: set() }) };
  const begun = async (name: string, options: object = {}) => {
    const { backend, device, version } = await loadEngine({ backend: 'torch' });
    const settings = {
      recipe: 'grey',
      seed: 0,
      options: { ...withSettings(recipe, []), ...options },
      data: '',
      command: '',
    };
    const out = join(folder, name);
    await beginRun(out, settings);
    return {
      folder: out,
      settings,
      recipe,
      engine: { backend, device, version },
      signal: new AbortController().signal,
      onProgress: () => {},
      data: recipe.data,
    };
  };

  it('changes no number of the run, and leaves no tensor and no file', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const [plain, checked] = [await begun('plain'), await begun('checked')];
    await carryOut(plain, ['train', 'extract', 'classify']);
    const before = [tf.memory().numTensors, liveHandles()];
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const { TMPDIR = '' } = process.env;
    process.env.TMPDIR = temporary;
    const found = await preflight(checked).finally(() => {
      process.env.TMPDIR = TMPDIR;
    });
    expect(readdirSync(temporary)).toEqual([]);
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
    expect(readdirSync(checked.folder)).toEqual(['run.json']);
    expect([found.pictures, found.few.test.length]).toEqual([8, 8]);
    await carryOut(checked, ['train', 'extract', 'classify']);
    const weights = ({ folder: out }: { folder: string }) =>
      readFileSync(join(out, 'instance-balanced/classifiers.safetensors'));
    expect(weights(checked).equals(weights(plain))).toBe(true);
    expect((await evaluateRun(checked.folder)).rows).toEqual((await evaluateRun(plain.folder)).rows);
  });

  it.each(lossNames)('goes through with the loss %s and a class without pictures', async (loss) => {
    if (!torchLibrary()) return void console.warn('skipped: no libtorch');
    const before = tf.memory().numTensors;
    const { seconds } = await preflight(await begun(`loss-${loss}`, { loss, epochs: 10, microBatch: 64 }));
    expect(seconds).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes pictures of the sizes that differ most, and passes over those that cannot be read if asked to', async () => {
    const sizes = Array.from({ length: 30 }, (_, i) => (i === 17 ? [9, 1] : i === 4 ? [1, 9] : [5, 5]));
    const photos: Dataset = {
      name: 'photos',
      length: 30,
      labels: new Int32Array(30),
      classNames: ['one'],
      read: async (i) => {
        if (i === 9) throw new DataError('expected a picture in 9.jpg.');
        const [height, width] = sizes[i]! as [number, number];
        return { data: new Uint8Array(3 * height * width), height, width, channels: 3 };
      },
    };
    const { train } = await fewOfEach({ train: photos, test: photos }, { onBadImage: 'skip' });
    await expect(fewOfEach({ train: photos, test: photos })).rejects.toThrow('expected a picture in 9.jpg.');
    const found = await Promise.all([...train.labels.keys()].map(async (i) => train.read(i)));
    expect(found.length).toBe(8);
    expect(found.map(({ height, width }) => `${height}x${width}`)).toEqual(
      expect.arrayContaining(['9x1', '1x9', '5x5']),
    );
  });
});
