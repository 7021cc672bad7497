import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { classCounts } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import {
  classBalanced,
  classEffectiveNumber,
  deferred,
  effectiveNumber,
  inverseFrequency,
  mixed,
  powerLaw,
  progressivelyBalanced,
  reversed,
  type SamplerWithLaw,
  squareRoot,
  weightedBy,
} from '../src/index.ts';
import { chiSquareZ, SIGNIFICANT } from './chi-square.ts';
import { cifarLabels } from './profiles.ts';

const CIFAR_10 = cifarLabels(10, 100);
const CIFAR_100 = cifarLabels(100, 100);

const DRAWN: Record<string, (labels: ArrayLike<number>, seed: number) => SamplerWithLaw> = {
  'class-balanced': (labels, seed) => classBalanced(labels, { seed }),
  'square-root': (labels, seed) => squareRoot(labels, { seed }),
  'q = 0.8': (labels, seed) => powerLaw(labels, { q: 0.8, seed }),
  'progressively-balanced': (labels, seed) => progressivelyBalanced(labels, { epochs: 5, seed }),
  'progressively-balanced, as official': (labels, seed) =>
    progressivelyBalanced(labels, { epochs: 5, schedule: 'official', images: 'cycled', seed }),
  'inverse-frequency': (labels, seed) => inverseFrequency(labels, { seed }),
  'effective-number': (labels, seed) => effectiveNumber(labels, { seed }),
  'class-effective-number': (labels, seed) => classEffectiveNumber(labels, { seed }),
  reversed: (labels, seed) => reversed(labels, { seed }),
  'mixed, after its switch': (labels, seed) => mixed(labels, { switchEpoch: 0, seed }),
  'deferred, after its switch': (labels, seed) => deferred(labels, { switchEpoch: 0, seed }),
  'weighted by hand': (labels, seed) => weightedBy(labels, { classWeights: (n) => n.map(Math.sqrt), seed }),
};

function classZ(labels: ArrayLike<number>, sampler: SamplerWithLaw, epoch: number): number {
  const law = sampler.probabilities(epoch);
  const drawn = sampler.indices(epoch).map((i) => labels[i]!);
  return chiSquareZ(classCounts(drawn, { numClasses: law.length }), law);
}

describe('classes are drawn by the law (chi-square at 1e-5, both sides, fixed seeds)', () => {
  it.each(Object.entries(DRAWN))('%s: CIFAR-10-LT and CIFAR-100-LT, IF 100', (_, make) => {
    for (const labels of [CIFAR_10, CIFAR_100])
      for (const epoch of [0, 2, 4])
        expect(Math.abs(classZ(labels, make(labels, 1), epoch))).toBeLessThan(SIGNIFICANT);
  });

  it.for(Object.entries(DRAWN))("%s: Places-LT's real train list", ([, make], context) => {
    const list = gunzipSync(readFileSync(sharedOrSkip(context, 'data/places-lt/Places_LT_train.txt.gz')));
    const labels = Int32Array.from(list.toString().trim().split('\n'), (line) => Number(line.split(' ')[1]));
    expect(labels.length).toBe(62_500);
    expect(Math.abs(classZ(labels, make(labels, 2), 1))).toBeLessThan(SIGNIFICANT);
  });
});

it.each(['class-balanced', 'square-root', 'reversed', 'effective-number'])(
  '%s draws the images of a class alike: p_c / n_c each (chi-square at 1e-5)',
  (name) => {
    const sampler = DRAWN[name]!(CIFAR_100, 3);
    const seen = new Int32Array(CIFAR_100.length);
    for (let epoch = 0; epoch < 60; epoch++) for (const i of sampler.indices(epoch)) seen[i]! += 1;
    const counts = classCounts(CIFAR_100);
    const law = sampler.probabilities(0);
    const ofImages = CIFAR_100.map((c) => law[c]! / counts[c]!);
    expect(Math.abs(chiSquareZ(seen, ofImages))).toBeLessThan(SIGNIFICANT);
  },
);

it('the chi-square test finds a law that is not the one', () => {
  const drawn = squareRoot(CIFAR_100, { seed: 1 }).indices(0);
  const seen = classCounts(Array.from(drawn, (i) => CIFAR_100[i]!));
  const other = powerLaw(CIFAR_100, { q: 0.6, seed: 1 }).probabilities(0);
  expect(chiSquareZ(seen, other)).toBeGreaterThan(SIGNIFICANT);
});
