/** What `longtail report` writes: of a run, of several, and of somebody else's results. */
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
import { basename, join } from 'node:path';
import { parseResults, RESULTS_SCHEMA } from '@longtail/report/results';
import { madeUpResults, madeUpRow } from '@longtail/report/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { writeReport } from '../src/report-files.ts';
import type { Results } from '../src/results.ts';
import { beginRun } from '../src/run-directory.ts';
import { writeJson } from '../src/stored-json.ts';
import { longtail } from './longtail.ts';
import { run, settingsOf } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-report-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [first, second] = [join(root, 'seed-0'), join(root, 'seed-1')];
let results: Results;
beforeAll(async () => {
  results = await run(first);
  await writeJson(join(first, 'results.json'), results);
  await writeJson(join(second, 'results.json'), await run(second, { seed: 1 }));
}, 240_000);

const text = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

describe('results.json', () => {
  it('says its form and its version, and is of the published schema', () => {
    const stored = JSON.parse(text('seed-0/results.json'));
    expect(stored).toMatchObject({ $schema: RESULTS_SCHEMA, version: 1, name: 'demo', recipe: 'demo' });
    const path = join(import.meta.dirname, '../../../packages/report/schemas/results.json');
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(path, 'utf8')));
    expect(schema.safeParse(stored).error).toBeUndefined();
    expect(parseResults(stored).rows).toEqual(results.rows);
  });
});

describe('longtail report', { timeout: 120_000 }, () => {
  it('writes page and tables beside one another, and says where', async () => {
    const { code, stdout } = await longtail(['report', first]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `${join(first, 'report.html')}\nbeside it: results.csv, results.md, results.tex\n`,
    );
    expect(text('seed-0/report.html')).toMatch(/^<!doctype html>/);
    expect(text('seed-0/results.csv').trim().split('\n')).toHaveLength(6);
    expect(text('seed-0/results.md')).toContain('| instance-balanced | cRT |');
    expect(text('seed-0/results.tex')).toContain('\\toprule');
  });

  it('writes what --format names, and event files', async () => {
    const [out, logs] = [join(root, 'out'), join(root, 'logs')];
    const flags = ['--format', 'svg,png,card', '--out', out, '--tensorboard', logs, '--json'];
    const { code, stdout, stderr } = await longtail(['report', first, ...flags]);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).rows).toEqual(results.rows);
    expect(readdirSync(out).sort()).toEqual(['cards', 'figures']);
    expect(readdirSync(join(out, 'cards'))).toContain('instance-balanced-crt.md');
    const drawn = readdirSync(join(out, 'figures'));
    expect(drawn.filter((name) => name.endsWith('.svg')).length).toBe(drawn.length / 2);
    const events = 'instance-balanced/events.out.tfevents.0.longtail';
    expect(readFileSync(join(logs, 'seed-0', events), 'latin1')).toContain('train/loss');
  });

  it('pools the seeds of several runs', async () => {
    const out = join(root, 'compared');
    const { code, stdout } = await longtail(['report', first, second, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/instance-balanced, cRT *\n +demo .*\n +seed 0 .*\n +seed 1 /);
    expect(text('compared/comparison.html')).toContain('demo: 2 runs, seed 0, 1');
    expect(text('compared/comparison.csv').trim().split('\n')).toHaveLength(11);
    const json = await longtail(['report', first, second, '--out', out, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'demo', seeds: [0, 1] }]);
  });

  it("takes a file of somebody's results, and names what is wrong in it", async () => {
    const folder = join(root, 'stranger');
    mkdirSync(folder);
    const { name, dataset, rows } = madeUpResults([madeUpRow('theirs', 'own', [0.9, 0.5, 0.1])]);
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ name, dataset, rows }));
    const { code, stdout } = await longtail(['report', join(folder, 'mine.json')]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/own +90\.0\*/)]);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ name, dataset, rows: [] }));
    const wrong = await longtail(['report', join(folder, 'mine.json')]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/mine\.json, rows: expected array to have >=1 items, but got an array of 0/);
  });

  it.each([
    [['report', first, first], /seed 0 is there twice; give each run once/],
    [['report', first, '--format', 'pdf'], /--format takes some of html,csv,.*but got "pdf"/],
    [['report', first, second, '--format', 'tex'], /of several runs there is html and csv, but --format tex/],
    [['report', ''], /is empty/],
  ])('%j is refused as wrong usage', async (args, message) => {
    const { code, stderr } = await longtail(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('a report of several of which some cannot be read', { timeout: 60_000 }, () => {
  const [missing, cut, out] = ['missing', 'cut', 'some'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];

  it('is of the others, says why, and ends with 1', async () => {
    mkdirSync(cut);
    writeFileSync(join(cut, 'results.json'), '{"rows": [');
    const { code, stdout, stderr } = await longtail(['report', first, missing, cut, second, '--out', out]);
    expect([code, stderr.trimEnd().split('\n')]).toEqual([
      1,
      [
        `expected a run in ${missing}, but there is no such folder; name one that holds a run, or a file of results.`,
        expect.stringMatching(/^expected the JSON of a run in .*cut\/results\.json, but /),
        expect.stringMatching(
          /^expected 4 runs, but 2 of them cannot be read, as said above; the report is of the others/,
        ),
      ],
    ]);
    expect(stdout).toContain(join(out, 'comparison.html'));
    const json = await longtail(['report', missing, first, '--out', out, '--json']);
    expect([json.code, JSON.parse(json.stdout).length]).toEqual([1, expect.any(Number)]);
  });

  it('is none where none can be read', async () => {
    const nothing = await longtail(['report', missing, cut, '--out', join(root, 'nothing')]);
    expect([nothing.code, nothing.stdout, existsSync(join(root, 'nothing'))]).toEqual([1, '', false]);
    expect(nothing.stderr).toMatch(/^expected a run in .*missing, but there is no such folder; .*\n$/);
  });
});

it('a report removes figures of the one before, and no file of others', async () => {
  const folder = join(root, 'twice');
  await writeReport(folder, results, ['html', 'svg']);
  const before = readdirSync(join(folder, 'figures'));
  writeFileSync(join(folder, 'figures/01-mine.svg'), '');
  const { history, tauCurves, ...fewer } = results;
  const now = await writeReport(folder, fewer, ['html', 'svg']);
  expect(now.length - 1).toBeLessThan(before.length);
  const left = readdirSync(join(folder, 'figures')).filter((name) => name !== '01-mine.svg');
  expect(left).toEqual(
    now
      .slice(1)
      .map((path) => basename(path))
      .sort(),
  );
  expect(existsSync(join(folder, 'figures/01-mine.svg'))).toBe(true);
});

it('--fresh removes what a report has written, and no file of others', async () => {
  await writeReport(first, results, ['html', 'csv', 'svg', 'card']);
  const others = ['00-mine.svg', 'mine.svg'];
  for (const name of others) writeFileSync(join(first, 'figures', name), '');
  await beginRun(first, settingsOf({}), { fresh: true });
  expect(readdirSync(join(first, 'figures'))).toEqual(others);
  expect(readdirSync(join(first, 'cards'))).toEqual([]);
  expect(existsSync(join(first, 'results.csv'))).toBe(false);
});
