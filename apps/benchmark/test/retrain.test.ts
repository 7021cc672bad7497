/** Table 1 as a stage of a run: what moves and what stays, stopped and gone on with, kept, counted, and named in each row. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { padAndCrop } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removable } from '../src/clean-run.ts';
import { estimate } from '../src/estimate.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { preflight } from '../src/preflight.ts';
import { retrainedFile } from '../src/retrained-file.ts';
import type { RetrainedName } from '../src/retrained-parts.ts';
import { runStatus } from '../src/run-status.ts';
import { readArrays } from '../src/stage-file.ts';
import type { Progress } from '../src/stages.ts';
import { type Asked, at, carriedOut, recipe, run, settingsOf, tinyPictures } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-retrain-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const asked = (retrain: string, more: Asked = {}): Asked => ({
  augment: padAndCrop(1),
  saveEvery: { steps: 1 },
  ...more,
  options: { retrain, headEpochs: 3, ...more.options },
});
const fileOf = (folder: string, name: RetrainedName) => retrainedFile(folder, 'instance-balanced', name);
const arraysAt = async (path: string) => (await readArrays(path, { after: '' })).arrays;
const numbers = async (path: string) =>
  [...(await arraysAt(path))].map(([name, { data }]) => [
    name,
    Buffer.from((data as Float32Array).slice().buffer),
  ]);

const whole = join(root, 'whole');
beforeAll(() => carriedOut(whole, asked('classifier,last-block,whole,whole-0.1lr')), 120_000);

describe('of a network that is trained once more', { timeout: 60_000 }, () => {
  /** Names of the backbone's arrays that are not as stage 1 left them. */
  async function moved(name: RetrainedName): Promise<string[]> {
    const [before, after] = [
      await arraysAt(at(whole, 'representation')),
      await arraysAt(fileOf(whole, name)),
    ];
    return [...before.keys()].filter(
      (key) => key.startsWith('backbone.') && String(before.get(key)!.data) !== String(after.get(key)!.data),
    );
  }
  const isStatistic = (name: string): boolean => name.includes('running_');
  const isOfLast = (name: string): boolean => name.startsWith('backbone.layer3.');

  it('the last block moves, and every running statistic; no other weight does', async () => {
    const names = await moved('last-block');
    const all = [...(await arraysAt(at(whole, 'representation'))).keys()].filter((key) =>
      key.startsWith('backbone.'),
    );
    expect(names).toEqual(
      all
        .filter((name) => isOfLast(name) || isStatistic(name))
        .filter((name) => !name.includes('num_batches')),
    );
  });

  it.each(['whole', 'whole-0.1lr'] as const)('%s: all of it moves', async (name) => {
    const names = (await moved(name)).filter((key) => !isStatistic(key));
    const all = [...(await arraysAt(at(whole, 'representation'))).keys()];
    const weights = all.filter(
      (key) => key.startsWith('backbone.') && !isStatistic(key) && !key.includes('num_batches'),
    );
    expect(names).toEqual(weights);
  });

  it('a tenth of the rate moves the backbone less', async () => {
    const before = await arraysAt(at(whole, 'representation'));
    const distance = async (name: RetrainedName) => {
      const after = await arraysAt(fileOf(whole, name));
      return [...before].reduce((sum, [key, { data }]) => {
        if (!key.startsWith('backbone.') || isStatistic(key)) return sum;
        const other = after.get(key)!.data as Float32Array;
        return sum + (data as Float32Array).reduce((part, x, i) => part + (x - other[i]!) ** 2, 0);
      }, 0);
    };
    expect(await distance('whole-0.1lr')).toBeLessThan(0.1 * (await distance('whole')));
  });

  it('has rows of its own that say what they are of, beside those of the paper', async () => {
    const { rows, weightNorms, reliability } = await evaluateRun(whole);
    expect(rows.map(({ classifier }) => classifier)).toEqual([
      'joint',
      'ncm',
      'crt',
      'tau',
      'lws',
      'last-block',
      'whole',
      'whole-0.1lr',
    ]);
    const protocols = Object.fromEntries(rows.map(({ classifier, protocol }) => [classifier, protocol]));
    expect(protocols.joint).toBeUndefined();
    expect(protocols.crt).toMatch(/features cached once/);
    expect(protocols['last-block']).toMatch(
      /^stage 2 live, last block and classifier re-trained on augmented/,
    );
    expect(protocols.whole).toMatch(/whole network re-trained on augmented .* statistics moving$/);
    expect(weightNorms!.map(({ classifier }) => classifier)).toContain('whole');
    expect(reliability!.some(({ classifier }) => classifier === 'last-block')).toBe(true);
  });
});

describe('stopped and gone on with', { timeout: 60_000 }, () => {
  it.each(['last-block 2/3', 'whole 1/3', 'crt'])('in %s, to the same bits', async (where) => {
    const folder = join(root, where.replaceAll(/\W/g, '-'));
    const before = tf.memory().numTensors;
    const seen: Progress[] = [];
    const stops = (now: Progress) =>
      seen.push(now) > 0 && now.stage === 'classify' && now.note.startsWith(where);
    const names = 'last-block,whole';
    await expect(carriedOut(folder, asked(names, { stops }))).rejects.toThrow('stopped');
    expect(tf.memory().numTensors).toBe(before);
    expect(existsSync(at(folder, 'predictions'))).toBe(false);
    if (where === 'whole 1/3') {
      const [one] = (await runStatus(folder)).samplers;
      expect(one!.retrained).toEqual([
        { name: 'last-block', epoch: 3, pictures: 0 },
        { name: 'whole', epoch: 0, pictures: 8 },
      ]);
    }
    if (where === 'last-block 2/3') truncateSync(fileOf(folder, 'last-block'), 900); // the one before is gone on from
    const { done, notes } = await carriedOut(folder, asked(names));
    expect(done).toEqual(['classify']);
    expect(notes.length).toBe(where === 'last-block 2/3' ? 1 : 0);
    for (const name of ['last-block', 'whole'] as const)
      expect(await numbers(fileOf(folder, name))).toEqual(await numbers(fileOf(whole, name)));
    const answers = await numbers(at(folder, 'predictions'));
    expect(await numbers(at(whole, 'predictions'))).toEqual(expect.arrayContaining(answers));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a run that is there', { timeout: 60_000 }, () => {
  it('keeps what it trained for another list, and trains it anew at another rate', async () => {
    const folder = join(root, 'more');
    await carriedOut(folder, asked('whole'));
    const time = () => statSync(fileOf(folder, 'whole')).mtimeMs;
    const before = time();
    await carriedOut(folder, asked('last-block,whole', { options: { features: 'live-frozen' } }));
    expect(time()).toBe(before);
    expect(existsSync(fileOf(folder, 'last-block'))).toBe(true);
    const { notes } = await carriedOut(folder, asked('whole', { options: { headLearningRate: 0.01 } }));
    expect(notes.at(-1)).toMatch(
      /retrained-whole.* cannot stay: headLearningRate 0.05 there, 0.01 asked for/,
    );
    expect(time()).not.toBe(before);
    const why = (await removable(folder)).map(({ path }) => path);
    expect(why.filter((path) => path.includes('retrained-')).length).toBe(2);
    await carriedOut(folder, asked('classifier', { fresh: true }));
    expect(existsSync(fileOf(folder, 'whole'))).toBe(false);
  });

  it('of the classifier alone is that of a run that names nothing', async () => {
    const [named, plain] = [join(root, 'named'), join(root, 'plain')];
    await carriedOut(named, asked('classifier'));
    await run(plain, { augment: padAndCrop(1), options: { headEpochs: 3 } });
    expect(readFileSync(at(named, 'classifiers')).equals(readFileSync(at(plain, 'classifiers')))).toBe(true);
  });
});

it('is counted and tried before the first epoch', { timeout: 60_000 }, async () => {
  const { backend, device, version } = await loadEngine({ backend: 'auto' });
  const context = (retrain: string) => ({
    folder: join(root, 'nowhere'),
    settings: settingsOf(asked(retrain)),
    recipe,
    engine: { backend, device, version },
    signal: new AbortController().signal,
    data: async () => tinyPictures(),
    onProgress: () => {},
  });
  const before = tf.memory().numTensors;
  const found = await preflight(context('last-block,whole'));
  const [plain, more] = [
    await estimate(context('classifier'), found),
    await estimate(context('last-block,whole'), found),
  ];
  expect([plain.retrained, more.retrained?.pictures]).toEqual([undefined, 2 * 3 * 21]);
  expect(more.disk - plain.disk).toBeCloseTo(4 * found.bytes.representation, 3);
  expect(more.seconds).toBeGreaterThan(more.retrained!.seconds * more.retrained!.pictures);
  expect(tf.memory().numTensors).toBe(before);
});
