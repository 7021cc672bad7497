/** A folder that holds no run keeps what is in it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRun, foresee } from '../src/run-directory.ts';
import { longtail } from './longtail.ts';
import { carriedOut, run, settingsOf } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-begin-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const whole = join(root, 'whole');
beforeAll(() => run(whole), 120_000);

const NAMES = [
  ...['dataset.json', 'made.json', 'metrics.jsonl', 'results.json'],
  ...['report.html', 'results.csv', 'results.md', 'results.tex'],
];

describe('a file of a name that runs write, where no run is', () => {
  it.each(NAMES)('%s stays as it is, and is named', async (name) => {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, name), 'mine');
    for (const fresh of [false, true]) {
      const refused = beginRun(folder, settingsOf({}), { fresh });
      await expect(refused).rejects.toThrow(UsageError);
      await expect(refused).rejects.toThrow(`found ${join(folder, name)} without a run`);
    }
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
  });

  it('is left by the command, too', { timeout: 30_000 }, async () => {
    const folder = join(root, 'mine');
    mkdirSync(folder);
    writeFileSync(join(folder, 'results.csv'), 'mine');
    for (const flags of [['--fresh'], ['--dry-run']]) {
      const { code, stderr } = await longtail(['run', 'demo', '--out', folder, ...flags]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/results\.csv without a run; name another folder/),
      ]);
    }
    expect(readFileSync(join(folder, 'results.csv'), 'utf8')).toBe('mine');
  });
});

it('begins beside what others put there: locks, logs, the failure of a cell, files of no such name', async () => {
  const folder = join(root, 'beside');
  mkdirSync(folder);
  for (const name of ['run.lock', 'run.log', 'failed.json', 'notes.md'])
    writeFileSync(join(folder, name), '');
  await beginRun(folder, settingsOf({}));
  expect(existsSync(join(folder, 'run.json'))).toBe(true);
});

it('goes on with a run whose run.json was deleted', { timeout: 60_000 }, async () => {
  const folder = join(root, 'deleted');
  cpSync(whole, folder, { recursive: true });
  rmSync(join(folder, 'run.json'));
  expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
});

it('goes on where a kill before the first checkpoint, and a lost run.json, have left the record of the pictures', async () => {
  const folder = join(root, 'early');
  mkdirSync(folder);
  cpSync(join(whole, 'dataset.json'), join(folder, 'dataset.json'));
  writeFileSync(join(folder, 'metrics.jsonl'), '{}\n');
  await beginRun(folder, settingsOf({}));
  expect(existsSync(join(folder, 'run.json'))).toBe(true);
});

it('foresees what is refused, and writes nothing', { timeout: 60_000 }, async () => {
  const before = readFileSync(join(whole, 'run.json'), 'utf8');
  await expect(foresee(whole, settingsOf({ options: { epochs: 3 } }))).rejects.toThrow(
    /holds a run with epochs=1, but epochs=3 was asked for/,
  );
  expect(await foresee(whole, settingsOf({ options: { headEpochs: 2 } }))).toMatchObject({ goesOn: true });
  const flags = ['--seed', '1', '--out', whole, '--dry-run'];
  const { code, stderr } = await longtail(['run', 'demo', ...flags]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/holds a run with seed=0, but seed=1 was asked for/),
  ]);
  expect(readFileSync(join(whole, 'run.json'), 'utf8')).toBe(before);
});
