/** A published CIFAR-10-LT head on its real features (golden/published_head.py), in shards of a thousand rows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts } from '@longtail/core';
import { readNpy, sharedOrSkip } from '@longtail/test-support';
import { expect, it } from 'vitest';
import {
  calibrationOver,
  classRanking,
  cohenKappa,
  logitMagnitudeOver,
  measure,
  mergeSums,
  normCountCorrelation,
  scoresOf,
  softmax,
  tallyOver,
  weightNorms,
} from '../src/index.ts';

const numClasses = 10;

function logitsOf(features: ArrayLike<number>, weight: ArrayLike<number>): Float64Array {
  const width = weight.length / numClasses;
  return Float64Array.from({ length: (features.length / width) * numClasses }, (_, i) => {
    const [row, c] = [Math.floor(i / numClasses) * width, (i % numClasses) * width];
    let sum = 0;
    for (let d = 0; d < width; d++) sum += features[row + d]! * weight[c + d]!;
    return sum;
  });
}

it('has the scores of scikit-learn and NumPy, whole and in shards', (context) => {
  const folder = sharedOrSkip(context, 'data/features');
  const npy = (name: string) => readNpy(join(folder, `${name}.npy`)).data;
  const weight = npy('cifar10_lt100_joint_weight');
  const scores = logitsOf(npy('cifar10_test_features'), weight);
  const labels = Int32Array.from(npy('cifar10_test_labels'));
  const trainCounts = classCounts(npy('cifar10_lt100_train_labels'), { numClasses });
  const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/published_head.json'), 'utf8'));

  const shards = Array.from({ length: 10 }, (_, i) => ({
    scores: scores.subarray(i * 1000 * numClasses, (i + 1) * 1000 * numClasses),
    labels: labels.subarray(i * 1000, (i + 1) * 1000),
  }));
  const tally = tallyOver({ numClasses });
  const counts = mergeSums(shards.toReversed().map((shard) => structuredClone(measure([shard], tally))));
  const found = scoresOf(counts, trainCounts);
  // Dot products of 64 numbers, and means of 10,000, in another order.
  for (const name of ['all', 'many', 'medium', 'macroF1'] as const)
    expect(found[name], name).toBeCloseTo(expected[name], 12);
  expect(found.few).toBeNull();
  expect(found.all).toBe(0.6642);
  expect(cohenKappa(counts)).toBeCloseTo(expected.kappa, 12);

  const options = { numClasses, bins: 10, groups: { tail: [7, 8, 9] } };
  const calibration = calibrationOver(options);
  const { all, groups } = measure(shards, calibration);
  expect(measure([{ scores, labels }], calibration)).toEqual({ all, groups });
  for (const [name, value] of Object.entries(expected.calibration))
    expect(all![name as 'ece'], name).toBeCloseTo(value as number, 11);
  expect(groups.tail!.nll).toBeCloseTo(expected.tail, 11);

  const { macro } = classRanking(softmax(scores, { numClasses }), labels, { numClasses });
  expect(macro.auroc).toBeCloseTo(expected.auroc, 12);
  expect(macro.averagePrecision).toBeCloseTo(expected.averagePrecision, 12);
  const { perClass } = measure(shards, logitMagnitudeOver({ numClasses }));
  perClass.forEach((loma, c) => expect(loma).toBeCloseTo(expected.loma[c], 11));
  const norms = weightNorms(weight, { numClasses });
  expect(normCountCorrelation(norms, trainCounts)).toBeCloseTo(expected.normCorrelation, 12);
});
