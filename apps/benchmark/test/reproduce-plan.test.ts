/** From an experiment to the runs that it needs, and from what is on the disk to what is done. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { evaluateRun } from '../src/evaluate-run.ts';
import { findRecipe } from '../src/recipes.ts';
import { withBaselines } from '../src/reproduce/baselines.ts';
import { borrowStages, lendersOf } from '../src/reproduce/borrow.ts';
import { costOf, measuredRate, statedRate } from '../src/reproduce/cost.ts';
import { EXPERIMENTS, findExperiment } from '../src/reproduce/experiments.ts';
import { folderName, wantedRuns } from '../src/reproduce/plan.ts';
import { seedIntervals } from '../src/reproduce/seed-intervals.ts';
import { surveyed } from '../src/reproduce/survey.ts';
import type { Results } from '../src/results.ts';
import { withSettings } from '../src/settings.ts';
import { at, carriedOut, recipe, settingsOf } from './tiny-run.ts';

const figure1 = findExperiment('figure-1');
const RESNEXT = 'imagenet-lt-resnext-50';
const AS_IT_IS = { name: '', purpose: 'the recipe as it is', options: {} };

describe('wantedRuns', () => {
  it('asks for a run a recipe and seed, with every sampler that the experiment needs', () => {
    const runs = wantedRuns(figure1, { recipes: ['demo', 'demo'], seeds: 2, set: ['epochs=1'] });
    expect(runs.map(({ recipe, seed }) => [recipe, seed])).toEqual([
      ['demo', 0],
      ['demo', 1],
    ]);
    const samplers = 'instance-balanced,class-balanced,square-root,progressively-balanced';
    expect(runs[0]!.set).toEqual(['epochs=1', `samplers=${samplers}`]);
    expect(folderName('demo', runs[1]!)).toBe('demo-seed-1');
    expect(folderName('demo', { seed: 1, variant: { ...AS_IT_IS, name: 'other' } })).toBe(
      'demo-seed-1-other',
    );
  });

  it('takes the recipes of the published numbers where none is named', () => {
    const runs = wantedRuns(findExperiment('table-imagenet-lt'), { seeds: 1, set: [] });
    expect(runs.map(({ recipe }) => recipe)).toEqual([
      'imagenet-lt-resnet-10',
      RESNEXT,
      'imagenet-lt-resnext-152',
    ]);
  });

  it('keeps to some of its samplers, and to no others', () => {
    const some = { recipes: ['demo'], seeds: 1 };
    const [run] = wantedRuns(figure1, { ...some, set: ['samplers=square-root,instance-balanced'] });
    expect(run!.samplers).toEqual(['instance-balanced', 'square-root']);
    expect(() => wantedRuns(figure1, { ...some, set: ['samplers=mixed'] })).toThrow(
      /figure-1 is of the samplers .*, but --set samplers=mixed names "mixed"/,
    );
  });

  it('gives each baseline of a table a run and a row of its own, and no figure any', () => {
    const table = withBaselines(findExperiment('table-imagenet-lt'), ['ldam-drw', 'mislas']);
    const runs = wantedRuns(table, { recipes: ['demo'], seeds: 1, set: [] });
    expect(runs.map((run) => folderName('demo', run))).toEqual([
      ...['demo-seed-0', 'demo-seed-0-ldam-drw', 'demo-seed-0-mislas'],
    ]);
    expect(runs[1]!.set).toContain('baseline=ldam-drw');
    const otherLoss = { recipes: ['demo'], seeds: 1, set: ['loss=focal'] };
    expect(() => wantedRuns(table, otherLoss)).toThrow(/sets that option itself, but got --set loss=focal/);
    expect(table.rows.at(-1)).toMatchObject({ variant: 'mislas', classifier: 'mislas' });
    expect(withBaselines(findExperiment('table-places-lt'), true).rows).toHaveLength(11);
    expect(() => withBaselines(table, ['ldam-drv'])).toThrow(/takes some of .*; did you mean "ldam-drw"\?/);
    expect(() => withBaselines(figure1, true)).toThrow(/but figure-1 is none/);
  });

  it('finds experiments by name, with a hint', () => {
    expect(() => findExperiment('table1')).toThrow(/an experiment is one of .*; did you mean "table-1"\?$/);
  });

  it.each(EXPERIMENTS)('$name names recipes that there are, and rows of its samplers', async (experiment) => {
    for (const name of experiment.recipes) await findRecipe(name);
    for (const { sampler, variant, labels } of experiment.rows) {
      expect(experiment.samplers).toContain(sampler);
      expect(experiment.variants.map(({ name }) => name)).toContain(variant);
      expect(labels).toHaveLength(experiment.heads.length);
    }
  });
});

describe('what is on the disk', { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'longtail-reproduce-plan-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const asked = { options: { epochs: 2 } };
  const planned = (folder: string, more: Parameters<typeof settingsOf>[0] = asked) => {
    const settings = settingsOf(more);
    return {
      ...{ recipe: 'demo', seed: 0, variant: AS_IT_IS, samplers: ['instance-balanced'], set: [] },
      ...{ folder: join(root, folder), settings },
    };
  };
  beforeAll(async () => {
    await carriedOut(join(root, 'demo-seed-0'), asked);
    await expect(
      carriedOut(join(root, 'begun'), { ...asked, stops: true, saveEvery: { steps: 1 } }),
    ).rejects.toThrow('stopped');
  }, 120_000);

  it('is taken where it is whole, gone on with where it is begun, done where it is missing', async () => {
    expect(await surveyed(planned('demo-seed-0'))).toMatchObject({
      state: 'done',
      there: [{ isDone: true }],
    });
    const begun = { state: 'begun', there: [{ train: 'begun', epoch: 0, isDone: false }] };
    expect(await surveyed(planned('begun'))).toMatchObject(begun);
    expect(await surveyed(planned('nowhere'))).toMatchObject({
      state: 'missing',
      there: [{ train: 'missing' }],
    });
  });

  it('keeps the samplers that are there, and adds those that are not', async () => {
    const more = { options: { epochs: 2, samplers: 'square-root' } };
    const { settings, state, there } = await surveyed(planned('demo-seed-0', more));
    expect([settings.options.samplers, state]).toEqual(['instance-balanced,square-root', 'begun']);
    expect(there.map(({ isDone }) => isDone)).toEqual([true, false]);
  });

  it.each([
    [{ epochs: 3 }, 'epochs=2, but the experiment would have epochs=3'],
    [{ epochs: 2, headEpochs: 4 }, 'headEpochs=1, but the experiment would have headEpochs=4'],
  ])('is refused where it is of other options: %j', async (options, text) => {
    const refused = surveyed(planned('demo-seed-0', { options }));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(text);
  });

  it('is lent to a run of the same stage 1, as one file on the disk, and to no other', async () => {
    const folder = join(root, 'demo-seed-0-other');
    const lenders = await lendersOf(folder, 'demo-seed-0');
    expect(lenders).toEqual([join(root, 'demo-seed-0')]);
    expect(await borrowStages({ folder, settings: settingsOf({ ...asked, seed: 1 }) }, lenders)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    const more = { options: { epochs: 2, headEpochs: 2 } };
    const settings = settingsOf(more);
    expect(await borrowStages({ folder, settings }, lenders)).toEqual([
      `instance-balanced: stage 1 is that of ${join(root, 'demo-seed-0')}`,
    ]);
    const inode = (of: string) => statSync(at(of, 'representation')).ino;
    expect(inode(folder)).toBe(inode(join(root, 'demo-seed-0')));
    expect((await carriedOut(folder, more)).done).toEqual(['classify']);
    expect(await borrowStages({ folder, settings }, lenders)).toEqual([]);
  });

  it('has intervals over seeds from five on', async () => {
    const runs: { folder: string; results: Results }[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const folder = join(root, `seed-${seed}`);
      await carriedOut(folder, { seed });
      runs.push({ folder, results: await evaluateRun(folder) });
    }
    const row = { labels: [], variant: '', sampler: 'instance-balanced', classifier: 'ncm' };
    const how = { groupRule: 'official' } as const;
    const { all, few, many } = await seedIntervals(runs, row, how);
    expect([all, many]).toEqual([few, undefined]); // all three classes are few-shot
    expect(all![0]).toBeLessThan(all![1]);
    expect(await seedIntervals(runs.slice(1), row, how)).toEqual({});
    const { dataset } = runs[4]!.results;
    const fingerprints = { ...dataset.fingerprints, test: 'other pictures of the same labels' };
    const others = runs.with(4, {
      ...runs[4]!,
      results: { ...runs[4]!.results, dataset: { ...dataset, fingerprints } },
    });
    expect(await seedIntervals(others, row, how)).toEqual({});
  });

  it('costs nothing where it is borrowed or done', async () => {
    const stage1 = { seconds: 100, disk: 600 };
    const estimate = { seconds: 120, step: { seconds: 1, steps: 90 }, stage1, memory: 0, disk: 800 };
    const rate = measuredRate(estimate, 'instance-balanced,square-root', 'torch on cpu');
    expect(rate).toMatchObject({ trainSeconds: 50, restSeconds: 10, trainDisk: 300, restDisk: 100 });
    const { settings } = planned('x');
    const left = { sampler: 'a', train: 'begun', epoch: 1, isDone: false } as const;
    const there = [left, { ...left, sampler: 'b', epoch: 0 }, { ...left, sampler: 'c', isDone: true }];
    const cost = costOf({ there, settings }, rate, { borrowed: new Set(['b']) });
    expect(cost).toEqual({ seconds: 0.5 * 50 + 2 * 10, disk: 300 + 2 * 100 });
    const resNeXt = await findRecipe(RESNEXT);
    const asked = (...set: string[]) => withSettings(resNeXt, ['epochs=45', ...set]);
    const ofGpu = { trainSeconds: 6 * 3600, of: expect.stringContaining('a GPU') };
    expect(statedRate(resNeXt, asked())).toMatchObject({ ...ofGpu, restSeconds: 0 });
    const anEpoch = (6 * 3600) / 45;
    expect(statedRate(resNeXt, asked('features=views=3'))!.restSeconds).toBeCloseTo(anEpoch, 6);
    expect(statedRate(resNeXt, asked('retrain=classifier,whole,last-block'))!.restSeconds).toBeCloseTo(
      20 * anEpoch,
      6,
    );
    const silent = { ...recipe, options: {}, cost: { hours: 10, on: 'a GPU' } };
    expect(statedRate(silent, withSettings(silent, ['epochs=20']))!.trainSeconds).toBeCloseTo(3600, 9); // of 200 epochs, the default
  });
});
