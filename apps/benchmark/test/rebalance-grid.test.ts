/** Settings of a head are tried from the default on, as long as held-out rows get better. */
import { loadEngine } from '@longtail/engine';
import { linearFrom } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { fitContext } from '../src/rebalance/fit-context.ts';
import { fitBy } from '../src/rebalance/rows/recipe.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'torch' });
});

/** Rows at 0, 1, ... 7, of class 1 from 4 on. */
const part = {
  ...{ source: 'rows', dim: 1, places: Int32Array.from({ length: 8 }, (_, i) => i) },
  values: Float32Array.from({ length: 8 }, (_, i) => i),
  labels: Int32Array.from({ length: 8 }, (_, i) => (i < 4 ? 0 : 1)),
};

/** A head whose border is at `at`, the best of them at 3.5. */
async function tried(borders: readonly number[], from: number): Promise<{ order: number[]; at: number }> {
  const pair = { fit: part, held: part };
  const selection = { how: 'val', reason: '', isWarning: false, pairs: [pair], heldOut: [pair] } as const;
  const counts = Int32Array.of(4, 4);
  const given = { numClasses: 2, counts, selection, prior: 'uniform', seed: 0, signal: undefined } as const;
  const context = fitContext(part, { ...given, joint: undefined });
  const order: number[] = [];
  const before = tf.memory().numTensors;
  const fit = fitBy({
    defaults: { at: from },
    grid: borders.map((at) => ({ at })),
    make(_, { at }) {
      order.push(at!);
      return {
        head: linearFrom('border', { weight: tf.tensor2d([[0], [1]]), bias: tf.tensor1d([0, -at!]) }),
      };
    },
  });
  try {
    const { parts, settings } = await fit(context);
    expect(tf.memory().numTensors).toBe(before + 2);
    parts.head.dispose();
    return { order: order.slice(0, -1), at: settings.at! }; // the last is fitted to all rows
  } finally {
    context.dispose();
  }
}

const BORDERS = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5];

it.each<[string, number, number[]]>([
  ['up', 1.5, [1.5, 2.5, 3.5, 4.5]],
  ['down', 5.5, [5.5, 4.5, 3.5, 2.5]],
  ['down, where the first step up is no better', 4.5, [4.5, 5.5, 3.5, 2.5]],
  ['nowhere, where both sides are no better', 3.5, [3.5, 4.5, 2.5]],
])('goes %s', async (_, from, order) => {
  expect(await tried(BORDERS, from)).toEqual({ order, at: 3.5 });
});

it('takes the default of equals', async () => {
  expect(await tried([3.25, 3.5, 3.75], 3.5)).toEqual({ order: [3.5, 3.75, 3.25], at: 3.5 });
});

it('keeps nothing where a setting gives scores that are no numbers', async () => {
  const before = tf.memory().numTensors;
  await expect(tried([3.5, Number.NaN], 3.5)).rejects.toThrow('scores must be numbers');
  expect(tf.memory().numTensors).toBe(before);
});
