/** The whole road through the real command: what it refuses, its stages, its stopping, real pictures cut short. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sharedOrSkip, torchLibrary } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { CLI, longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CIFAR = ['run', 'cifar-10-lt', '--out', join(folder, 'refused'), '--data', folder];
const notARecipe = join(folder, 'not-a-recipe.ts');
writeFileSync(notARecipe, 'export default {};');

describe('what cannot be run ends with one line', () => {
  it.each([
    [
      2,
      ['run', 'cifar10'],
      /a recipe is one of demo, cifar-10-lt, .*, or the path of a module, but got "cifar10"/,
    ],
    [2, ['run', notARecipe], /expected a recipe .*as the default export of .*not-a-recipe.ts/],
    [
      2,
      [...CIFAR, '--set', 'epoch=3'],
      /one of the keys epochs, .*but got "epoch=3"; did you mean "epochs"?/,
    ],
    [2, [...CIFAR, '--set', 'epochs=many'], /--set epochs takes an integer >= 1, but got "many"/],
    [2, [...CIFAR, '--set', 'samplers=uniform'], /a sampler is one of .*but got "uniform"/],
    [2, [...CIFAR, '--seed', ''], /--seed takes an integer, but got ""/],
    [2, [...CIFAR, '--seed', 'x'], /--seed takes an integer, but got "x"/],
    [2, ['evaluate', folder, '--groups', 'all'], /Allowed choices are official, oltr, mislas/],
    [1, ['run', 'cifar-10-lt', '--out', join(folder, 'no-data')], /name their folder with --data/],
    [1, CIFAR, /expected cifar10-jpg.tar.gz in .*name its folder with --data/],
    [1, ['extract', folder], /expected .*run.json, but it is not there; run ".+ run RECIPE --out/],
    [1, ['report', folder], /expected .*results.json, but it is not there; run ".+ evaluate/],
  ])('%i: %j', async (code, args, message) => {
    const ended = await longtail(args);
    expect(ended.stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('--verbose shows where', async () => {
    const ended = await longtail(['--verbose', 'report', folder]);
    expect(ended.stderr).toMatch(/\n\s+at /);
  });

  it('keeps the folder of pictures that was named first, and writes nothing without one', async () => {
    expect(existsSync(join(folder, 'no-data'))).toBe(false);
    const fresh = await longtail(['run', 'cifar-10-lt', '--out', join(folder, 'no-data'), '--fresh']);
    expect(fresh.stderr).toMatch(/name their folder with --data/);
    expect(existsSync(join(folder, 'no-data'))).toBe(false);
    const again = await longtail(CIFAR.slice(0, 4));
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/expected cifar10-jpg.tar.gz in /);
  });

  it('names an archive that is cut short', async (context) => {
    const archive = readFileSync(sharedOrSkip(context, 'data/cifar10/cifar10-jpg.tar.gz'));
    writeFileSync(join(folder, 'cifar10-jpg.tar.gz'), archive.subarray(0, 1_000_000));
    const ended = await longtail(CIFAR);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/expected a whole tar.gz of CIFAR-10 JPEGs in .*fetch it again/);
  });
});

const SHORT = ['epochs=3', 'imagesPerEpoch=256', 'headEpochs=1', 'samplers=instance-balanced'];
const demo = (out: string, ...more: string[]) => [
  'demo',
  '--out',
  join(folder, out),
  ...more,
  '--set',
  ...SHORT,
];
const rows = (out: string) => JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8')).rows;

describe('a run', { timeout: 300_000 }, () => {
  it('is its stages, one command each', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const whole = await longtail(['run', ...demo('whole', '--json')]);
    expect([whole.code, whole.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(whole.stdout).rows).toEqual(rows('whole'));
    expect(readFileSync(join(folder, 'whole/report.html'), 'utf8')).toMatch(/^<!doctype html>/);

    const early = await longtail(['classify', join(folder, 'staged')]);
    expect(early.code).toBe(1);
    expect((await longtail(['train', ...demo('staged')])).stdout).toMatch(/next: .+ extract/);
    for (const stage of ['extract', 'classify', 'evaluate', 'report']) {
      const ended = await longtail([stage, join(folder, 'staged')]);
      expect([stage, ended.code, ended.stderr]).toEqual([stage, 0, expect.any(String)]);
    }
    expect(rows('staged')).toEqual(rows('whole'));
  });

  it("trains by a module's sampler, too, under the module's name", async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const module = join(folder, 'first-only.ts');
    writeFileSync(
      module,
      `export default (labels) => ({ name: 'x', length: 256, indices: () => new Int32Array(256).map((_, i) => i) });`,
    );
    const set = ['epochs=1', 'imagesPerEpoch=128', `samplers=${module}`];
    const ended = await longtail(['train', 'demo', '--out', join(folder, 'module'), '--set', ...set]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(existsSync(join(folder, 'module/first-only/representation.safetensors'))).toBe(true);
    const { options } = JSON.parse(readFileSync(join(folder, 'module/run.json'), 'utf8'));
    expect(options.samplers).toBe(module);
  });

  it('stopped by a signal ends with 75, and goes on to the same numbers', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const child = spawn(process.execPath, [CLI, 'run', ...demo('stopped')]);
    const file = join(folder, 'stopped/instance-balanced/representation.safetensors');
    while (!existsSync(file) && child.exitCode === null) await setTimeout(20);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([75, null]);
    expect(existsSync(join(folder, 'stopped/results.json'))).toBe(false);
    expect((await longtail(['run', ...demo('stopped')])).code).toBe(0);
    expect(rows('stopped')).toEqual(rows('whole'));
  });

  it('goes on where nobody reads its messages any more', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const set = ['epochs=1', 'imagesPerEpoch=64', 'samplers=instance-balanced'];
    const args = ['train', 'demo', '--out', join(folder, 'unread'), '--set', ...set];
    const child = spawn(process.execPath, [CLI, ...args]);
    child.stderr.destroy();
    child.stdout.resume();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('keeps its folder to itself', async () => {
    const other = await longtail(['run', ...demo('whole'), '--seed', '1']);
    expect(other.code).toBe(2);
    const refused = await longtail(['run', ...demo('whole'), 'batchSize=16']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /holds a run with batchSize=\d+, but batchSize=16 was asked for; .*--fresh/,
    );
    const again = await longtail(['run', ...demo('whole')]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/holds this run, finished/);
  });

  it('starts over with --fresh, and leaves the files of others alone', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const before = rows('stopped');
    writeFileSync(join(folder, 'stopped/notes.txt'), 'mine');
    const fresh = await longtail(['run', ...demo('stopped', '--seed', '1', '--fresh')]);
    expect([fresh.code, fresh.stderr]).toEqual([0, expect.not.stringMatching(/finished; to compute/)]);
    expect(rows('stopped')).not.toEqual(before);
    expect(readFileSync(join(folder, 'stopped/notes.txt'), 'utf8')).toBe('mine');
  });

  it('gives the five classifiers on real pictures', async (context) => {
    const data = sharedOrSkip(context, 'data/cifar10');
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const set = ['epochs=1', 'batchSize=512', ...SHORT.slice(1)];
    const ended = await longtail([
      'run',
      'cifar-10-lt',
      '--data',
      data,
      '--json',
      '--out',
      join(folder, 'cifar'),
      '--set',
      ...set,
    ]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const { rows, dataset } = JSON.parse(ended.stdout);
    const names = rows.map((row: { classifier: string }) => row.classifier);
    expect(names).toEqual(['joint', 'ncm', 'crt', 'tau', 'lws']);
    expect(dataset.trainCounts).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
  });
});
