/** The embedded recipe: no leak, the same table twice, and the paper's finding over three seeds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveHandles } from '@longtail/backend-torch';
import { loadEngine } from '@longtail/engine';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import recipe from '../recipes/demo.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { checkRecipeOptions, type RecipeOptions } from '../src/recipe-options.ts';
import type { Results } from '../src/results.ts';
import { beginRun } from '../src/run-directory.ts';
import { carryOut } from '../src/stages.ts';
import { longOnly } from './long-only.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-demo-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function demo(
  name: string,
  { seed = 0, ...options }: { seed?: number } & Partial<RecipeOptions>,
): Promise<Results> {
  const folder = join(root, name);
  const settings = {
    recipe: 'demo',
    seed,
    options: checkRecipeOptions({ ...recipe.options, ...options }, { of: 'the demo' }),
    data: '',
    command: '',
  };
  await beginRun(folder, settings);
  const { backend, device, version } = await loadEngine({ backend: 'torch' });
  const engine = { backend, device, version };
  const data = recipe.data({ data: '', cache: '', seed });
  const { signal } = new AbortController();
  const run = { folder, settings, recipe, engine, signal, onProgress: () => {}, data: () => data };
  await carryOut(run, ['train', 'extract', 'classify']);
  return evaluateRun(folder);
}

describe('demo', { timeout: 600_000 }, () => {
  const short = {
    epochs: 2,
    imagesPerEpoch: 320,
    headEpochs: 2,
    samplers: 'instance-balanced,progressively-balanced',
  };

  it('leaves the numbers of tensors and libtorch handles as they were; the same seed, the same table', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch here');
    const first = await demo('first', short);
    const before = [tf.memory().numTensors, liveHandles()];
    const second = await demo('second', short);
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
    expect(second.rows).toEqual(first.rows);
    expect((await demo('other', { ...short, seed: 1 })).rows).not.toEqual(first.rows);
  });

  it.for([0, 1, 2])('seed %i: a classifier re-trained alone mends the tail', async (seed, context) => {
    if (seed > 0) longOnly(context, { command: 'pnpm test:long' });
    const { rows } = await demo(`seed-${seed}`, { seed, samplers: 'instance-balanced' });
    const { joint, crt, tau, lws } = Object.fromEntries(rows.map((row) => [row.classifier, row.scores]));
    const gain = (column: 'few' | 'all') =>
      Math.max(...[crt!, tau!, lws!].map((scores) => scores[column]!)) - joint![column]!;
    console.info(`seed ${seed}: joint many ${joint!.many}, gain few ${gain('few')}, gain all ${gain('all')}`);
    expect(joint!.many).toBeGreaterThanOrEqual(0.8);
    expect(gain('few')).toBeGreaterThanOrEqual(0.1);
    expect(gain('all')).toBeGreaterThanOrEqual(0.03);
  });
});
