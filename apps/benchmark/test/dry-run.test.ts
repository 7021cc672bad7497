/** `--dry-run`: what a run would take, before anything is written. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveHandles } from '@longtail/backend-torch';
import { DataError, extent } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { size } from '@longtail/report/results';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import demo from '../recipes/demo.ts';
import { expectRoom } from '../src/disk-room.ts';
import { estimate } from '../src/estimate.ts';
import { preflight } from '../src/preflight.ts';
import { withSettings } from '../src/settings.ts';
import { writePictures } from './colored-pictures.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-dry-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const recipe = join(import.meta.dirname, 'folder-recipe.ts');
const [data, out] = [join(folder, 'data'), join(folder, 'out')];
const asked = [
  'run',
  recipe,
  '--data',
  data,
  '--out',
  out,
  '--set',
  'epochs=3',
  'samplers=instance-balanced,class-balanced',
];

beforeAll(async () => {
  await writePictures(join(data, 'train'), { forest: 30, night: 9, sea: 3 });
  await writePictures(join(data, 'test'), { forest: 10, night: 10, sea: 10 });
});

describe('--dry-run', { timeout: 120_000 }, () => {
  it('checks every stage, says what the run would take, and writes nothing', async () => {
    const ended = await longtail([...asked, '--dry-run']);
    expect([ended.code, ended.stderr]).toEqual([
      0,
      expect.stringMatching(/^checked: every stage on 8 pictures of each split, \d+\.\d s\n$/),
    ]);
    expect(ended.stdout).toMatch(
      /^time {4}about .*: 2 representations, 30 steps of [\d.]+ s\nmemory {2}about \d.* [MG]B\ndisk {4}about \d.* in .*out, where \d.* are free\n$/,
    );
    expect(existsSync(out)).toBe(false);
  });

  it('is near what the run then leaves on disk', async () => {
    const ended = await longtail([...asked, '--dry-run', '--json']);
    const { disk, memory, seconds, step, free } = JSON.parse(ended.stdout);
    expect((await longtail(asked)).code).toBe(0);
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.safetensors'),
    );
    const sizes = files.map((path) => statSync(join(out, path)).size);
    const left = sizes.reduce((a, b) => a + b) + extent(sizes)[1];
    // The headers of files of few pictures are scaled, too: up to a tenth of files as small as these.
    expect(disk / left).toBeGreaterThan(0.95);
    expect(disk / left).toBeLessThan(1.1);
    expect(step.steps).toBe(3 * 2 * 5); // 42 pictures in batches of 8, the rest left out
    expect(seconds).toBeGreaterThan(step.steps * step.seconds);
    expect(free).toBeGreaterThan(disk);
    // An engine alone is of more than 50 MB.
    expect(memory).toBeGreaterThan(5e7);
    expect(memory).toBeLessThan(4e9);
  });

  it('leaves a run that is there as it is, and says what cannot work', async () => {
    const before = readdirSync(out, { recursive: true, encoding: 'utf8' });
    expect((await longtail([...asked, '--dry-run', '--fresh'])).code).toBe(0);
    expect(readdirSync(out, { recursive: true, encoding: 'utf8' })).toEqual(before);
    const without = await longtail(['train', recipe, '--out', join(folder, 'none'), '--dry-run']);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining('name their folder with --data'),
    ]);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('leaves no tensor', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const { backend, device, version } = await loadEngine({ backend: 'torch' });
    const sets = demo.data({ data: '', cache: '', seed: 0 });
    const settings = { recipe: 'demo', seed: 0, options: withSettings(demo, []), data: '', command: '' };
    const run = {
      ...{ folder, settings, recipe: demo, engine: { backend, device, version } },
      signal: new AbortController().signal,
      onProgress: () => {},
      data: () => sets,
    };
    const found = await preflight(run);
    const before = [tf.memory().numTensors, liveHandles()];
    const { step } = await estimate(run, found);
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
    expect(step.steps).toBe(12 * 4 * Math.floor((await sets).train.length / 32));
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(estimate({ ...run, signal: stopped }, found)).rejects.toThrow('stopped');
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  });
});

it('a disk that is too small is found out before the training', () => {
  expectRoom('runs/a', { needed: 5e6, free: 5e6 });
  expectRoom('runs/a', { needed: 5e12 }); // nobody knows
  const full = () => expectRoom('runs/a', { needed: 5e9, free: 1e6 });
  expect(full).toThrow(DataError);
  expect(full).toThrow('expected 5.0 GB of disk for the files of runs/a, but 1.0 MB are free there;');
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_234_567, '1.2 MB'],
  [45_600_000_000, '46 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
