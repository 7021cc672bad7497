/** From the results of an experiment's runs to the numbers beside the published: on the page, in files, on the terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { madeUpResults, madeUpRow } from '@longtail/report/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { findRecipe } from '../src/recipes.ts';
import { differenceText, intervalOfCell } from '../src/reproduce/cell-text.ts';
import { collected } from '../src/reproduce/collect.ts';
import { findExperiment } from '../src/reproduce/experiments.ts';
import { reproductionPage } from '../src/reproduce/page.ts';
import { reasonsOf } from '../src/reproduce/reasons.ts';
import type { Reproduction } from '../src/reproduce/reproduction.ts';
import { reproductionCsv, reproductionMarkdown } from '../src/reproduce/tables.ts';
import { expectRoom, writeReproduction } from '../src/reproduce/write-files.ts';
import type { Results } from '../src/results.ts';
import { reproductionTable } from '../src/text/reproduction-table.ts';

const figure1 = findExperiment('figure-1');
const RESNEXT = 'imagenet-lt-resnext-50';
const AS_IT_IS = { name: '', purpose: 'the recipe as it is', options: {} };

describe('the numbers', () => {
  const rows = (shift: number) =>
    figure1.rows.map(({ sampler, classifier }) => {
      const row = madeUpRow(sampler, classifier, [0.6 + shift, 0.4, 0.2]);
      const intervals = { many: [0.58 + shift, 0.62 + shift], all: [0.3, 0.5] } as const;
      return { ...row, scores: { ...row.scores, intervals } };
    });
  const results = (seed: number): Results => ({
    ...(madeUpResults(rows(seed / 100)) as Results),
    ...{ seed, recipe: RESNEXT, options: { features: 'cached', headEpochs: 10 } },
    protocol: {
      groupRule: 'official',
      batchNorm: 'stage 2 on cached features',
      shortened: ['2 of 90 epochs'],
    },
    engine: { backend: 'torch', device: 'cpu', version: '2' },
  });
  const runs = [0, 1].map((seed) => ({
    ...{ recipe: RESNEXT, seed, variant: '', folder: '/runs/x', results: results(seed), wasThere: true },
  }));
  const lines = collected(figure1, runs);
  let found: Reproduction;
  beforeAll(async () => {
    const { source, conditions } = figure1.published(RESNEXT)!;
    found = {
      ...{ experiment: figure1, command: 'longtail reproduce figure-1', seeds: [0, 1], lines, runs },
      beside: [{ recipe: RESNEXT, source, conditions }],
      reasons: reasonsOf(await findRecipe(RESNEXT), results(0), {
        published: figure1.published(RESNEXT),
        variant: AS_IT_IS,
      }),
    };
  });

  it('are the mean of the seeds, each kept, with the published one and the interval', () => {
    expect(lines).toHaveLength(20);
    const [many] = lines[0]!.cells;
    expect(many!.values).toEqual([0.6, 0.61]);
    expect(many).toMatchObject({ mean: expect.closeTo(0.605, 9), published: 0.659, isOverSeeds: false });
    expect(many!.interval).toEqual([0.58, 0.63]);
    const unpublished = lines.find(({ row }) => row.sampler === 'square-root' && row.classifier === 'crt');
    expect(unpublished!.cells.map(({ published }) => published)).toEqual([null, null, null, null]);
  });

  it('stand beside the published in Markdown, CSV and on the terminal', () => {
    const markdown = reproductionMarkdown(found);
    expect(markdown).toContain('| instance-balanced | Joint | 60.5 (60.0 61.0; 58.0–63.0) | 65.9 | −5.4* |');
    const csv = reproductionCsv(found).trim().split(/\r?\n/);
    expect(csv).toHaveLength(1 + 20 * 4 * 2);
    expect(csv[1]).toBe(
      `${RESNEXT},instance-balanced,Joint,instance-balanced,joint,"",many,0,0.6,0.58,0.62,0.605,0.659`,
    );
    const table = reproductionTable(found);
    expect(table).toMatch(
      /instance-balanced, Joint +60\.5 .*\n +seed 0 +60\.0 .*\n +seed 1 +61\.0 .*\n +95 %/,
    );
    expect(table).toMatch(/published +65\.9 +37\.5 +7\.7 +44\.4\n +difference +−5\.4\*/);
  });

  it('come with what makes them differ, and the rows that it concerns', () => {
    const texts = found.reasons.map(({ rows: of, text }) => `${of}: ${text}`);
    expect(texts).toContain('all rows: it is cut short: 2 of 90 epochs');
    expect(texts).toContain('LWS: 10 epochs here, 5 there');
    expect(texts.some((text) => text.startsWith('cRT and LWS: stage 2'))).toBe(true);
  });

  it('differ by more epochs or pictures than those of the recipe, too', async () => {
    const recipe = await findRecipe(RESNEXT);
    const published = figure1.published(RESNEXT);
    const texts = (own: typeof recipe, options: Results['options']) =>
      reasonsOf(own, { ...results(0), options: options! }, { published, variant: AS_IT_IS }).map(
        ({ text }) => text,
      );
    const more = texts(recipe, { epochs: 180, headEpochs: 40 }).find((text) => text.startsWith('other'));
    expect(more).toMatch(/epochs 180 instead of 90, headEpochs 40 instead of 10$/);
    const few = { ...recipe, options: { ...recipe.options, imagesPerEpoch: 9 } };
    expect(texts(few, { imagesPerEpoch: 0 })[1]).toMatch(/imagesPerEpoch all instead of 9$/);
    expect(texts(recipe, { imagesPerEpoch: 5_000 })[1]).not.toMatch(/imagesPerEpoch/);
  });

  it('differ by draws and batches that are not the published ones', async () => {
    const reasons = async (name: string, batchSize: number) => {
      const options = { ...results(0).options, batchSize };
      const how = { published: figure1.published(name), variant: AS_IT_IS };
      return reasonsOf(await findRecipe(name), { ...results(0), options }, how);
    };
    const [large, paper, ldam] = await Promise.all([
      reasons('imagenet-lt-resnext-101', 512),
      reasons(RESNEXT, 512),
      reasons('cifar-10-lt-if100', 128),
    ]);
    expect(large.map(({ text }) => text)).toContain('batches of 512 here, of 256 there');
    const rowsOf = paper.map(({ rows: of }) => of).filter((of) => of.startsWith('rows of'));
    expect(rowsOf).toEqual(['rows of class-balanced', 'rows of progressively-balanced']);
    // LDAM has neither other samplers nor a second stage.
    expect(ldam.map(({ rows: of }) => of)).toEqual(['all rows', 'all rows', 'all rows', 'all rows']);
    expect(ldam.map(({ text }) => text)).toContain(
      'the last epoch is taken here, there the best one by the test',
    );
  });

  it('are written over those of the same experiment alone', async () => {
    const out = mkdtempSync(join(tmpdir(), 'longtail-reproduced-'));
    try {
      await expectRoom(out, figure1);
      await writeReproduction(out, found);
      await expectRoom(out, figure1);
      await expect(expectRoom(out, findExperiment('table-1'))).rejects.toThrow(
        /reproduce\.html is not of table-1, and would be overwritten/,
      );
      rmSync(join(out, 'reproduce.html'));
      writeFileSync(join(out, 'reproduce.md'), 'notes of my own');
      await expect(expectRoom(out, figure1)).rejects.toThrow(UsageError);
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('have no interval where it is without width', () => {
    const column = figure1.columns[0]!;
    const cell = { ...lines[0]!.cells[0]!, interval: [0, 0] as const, mean: 0 };
    expect([intervalOfCell(column, cell), differenceText(column, cell)]).toEqual(['', '−65.9']);
  });

  it('are drawn on the page, published ones as crosses', async () => {
    const page = await reproductionPage(found, { out: '/reproduced' });
    expect(page.match(/class="panel-title"/g)).toHaveLength(4);
    expect(page).toContain('Joint on class-balanced features, published: 61.8 %');
    expect(page).toContain('NCM on instance-balanced features, seed: 61.0 %');
    expect(page).toContain('Published of imagenet-lt-resnext-50: Kang et al. 2020');
  });

  it('are drawn recipe by recipe, each with its name', async () => {
    const both = ['first', 'second'].flatMap((recipe) => runs.map((run) => ({ ...run, recipe })));
    const several = { ...found, lines: collected(figure1, both), runs: both };
    const page = await reproductionPage(several, { out: '/reproduced' });
    expect(page.match(/class="panel-title"/g)).toHaveLength(8);
    expect(page).toMatch(/<figure id="figure-1-first">.*Figure 1, first\..*<figure id="figure-1-second">/s);
    expect(page).toContain('All classes accuracy, %, second');
    expect(page).toContain('recipe,representation,classifier,column,mean,low,high,published%0Asecond,');
    const norms = await reproductionPage(
      { ...several, experiment: findExperiment('figure-2'), lines: [] },
      { out: '/reproduced' },
    );
    expect(norms).toMatch(/<figure id="figure-2-norms-first">.*<figure id="figure-2-tau-second">/s);
    expect(norms).toContain('instance-balanced, seed 1 features, second');
    expect(norms).toContain('recipe,rank,class');
  });

  it('have nothing beside them for a recipe of which nothing is published', () => {
    const own = runs.map((run) => ({ ...run, recipe: 'demo' }));
    const markdown = reproductionMarkdown({
      ...found,
      lines: collected(figure1, own),
      beside: [{ recipe: 'demo' }],
    });
    expect(markdown).toContain('| representation | classifier | many | medium | few | all |\n');
    expect(markdown).toContain(`No number is published of demo; the paper's are of ${RESNEXT}.`);
  });
});
