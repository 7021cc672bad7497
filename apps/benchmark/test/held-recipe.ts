/**
 * A recipe of noise, whose training takes a second a picture while LONGTAIL_HELD has a file named by the number of the sweep's
 * cell: long enough to be ended where a test wants it. The numbers are the same either way.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cifarResNet } from '@longtail/backbones';
import { random } from '@longtail/core';
import { type Dataset, inMemory } from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const { LONGTAIL_HELD: folder } = process.env;
const [, , , verb, , cell = ''] = process.argv; // sweep run-cell FOLDER NUMBER

function wait(): void {
  if (!folder || verb !== 'run-cell' || !existsSync(join(folder, cell))) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

function noise(name: 'train' | 'test', counts: readonly number[]): Dataset {
  const labels = counts.flatMap((count, c) => Array<number>(count).fill(c));
  const { uniform } = random(0, name);
  const pixels = Uint8Array.from({ length: labels.length * 8 * 8 * 3 }, () => 256 * uniform());
  return inMemory(name, { pixels, labels, classNames: ['a', 'b', 'c'], shape: [8, 8, 3] });
}

const recipe: Recipe = {
  name: 'held',
  summary: 'noise, and a training that waits',
  needsData: false,
  options: { epochs: 3, batchSize: 4, samplers: 'instance-balanced', headEpochs: 3, headBatchSize: 8 },
  statistics: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  augment: (picture) => {
    wait();
    return picture;
  },
  data: async () => ({ train: noise('train', [30, 15, 6]), test: noise('test', [3, 3, 3]) }),
  backbone: ({ seed }) => cifarResNet({ depth: 8, seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs }),
};
export default recipe;
