import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts } from '@longtail/core';
import { readNpy, shared, sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { openFeatures, readLabels } from '../src/index.ts';

const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/reference_pickles.json'), 'utf8'));

/** In float64, as the golden sums are; only the order of the additions differs. */
const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

describe("the official code's feature dumps", () => {
  it.for(['trainfeat_all', 'testfeat_all'])('%s holds what NumPy reads', async (name, context) => {
    const set = await openFeatures(sharedOrSkip(context, `reference/${name}.pkl`));
    const golden = expected[name];
    expect([set.length, set.dim]).toEqual(golden.shape);
    expect(sum(await set.rows(0, set.length))).toBeCloseTo(golden.sum, 6);
    for (const [i, rowSum] of golden.rowSums.entries())
      expect(sum(await set.rows(500 * i, 500 * i + 1))).toBeCloseTo(rowSum, 10);
    expect(await set.rows(set.length - 1, set.length)).toEqual(Float32Array.from(golden.lastRow));
    expect([...classCounts(set.labels!)]).toEqual(golden.labelCounts);
    expect([...set.labels!.subarray(0, 20)]).toEqual(golden.firstLabels);
    await set.close();
  });

  it('are the .npy files beside them, row by row', async (context) => {
    sharedOrSkip(context, 'reference/heads/test_features.npy');
    const [pickle, npy] = await Promise.all([
      openFeatures(shared('reference/testfeat_all.pkl')),
      openFeatures(shared('reference/heads/test_features.npy')),
    ]);
    expect(await pickle.rows(100, 900)).toEqual(await npy.rows(100, 900));
    expect(await readLabels(shared('reference/heads/test_labels.npy'))).toEqual({ labels: pickle.labels });
    const whole = readNpy(shared('reference/heads/test_features.npy'));
    expect(await npy.rows(0, npy.length)).toEqual(whole.data);
    await Promise.all([pickle.close(), npy.close()]);
  });
});
