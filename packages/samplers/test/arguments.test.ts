import { type LabelList, LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { expect, it } from 'vitest';
import * as samplers from '../src/index.ts';

const labels = [0, 0, 1, 2];
const seed = 0;
const images = 'drawn';
const own: samplers.Sampler = { name: 'own', length: 4, indices: () => Int32Array.of(0, 1, 2, 3) };

/** A sampler's first epoch, and its law. */
const first =
  (make: (labels: LabelList, options: never) => samplers.Sampler) =>
  (given: LabelList, options: never): unknown => {
    const sampler = make(given, options);
    return [
      sampler.indices(0),
      'probabilities' in sampler && (sampler as samplers.SamplerWithLaw).probabilities(0),
    ];
  };

testArguments(
  {
    instanceBalanced: [first(samplers.instanceBalanced), labels, { seed }],
    classBalanced: [first(samplers.classBalanced), labels, { seed, images, length: 3 }],
    squareRoot: [first(samplers.squareRoot), labels, { seed, images, length: 3 }],
    powerLaw: [first(samplers.powerLaw), labels, { q: 0.5, name: 'a', seed, images }],
    progressivelyBalanced: [
      first(samplers.progressivelyBalanced),
      labels,
      { epochs: 3, schedule: 'paper', seed },
    ],
    mixed: [first(samplers.mixed), labels, { switchEpoch: 2, seed }],
    classAware: [first(samplers.classAware), labels, { seed, samplesPerClass: 2, length: 4, cutAtBatch: 2 }],
    inverseFrequency: [first(samplers.inverseFrequency), labels, { seed, images }],
    effectiveNumber: [first(samplers.effectiveNumber), labels, { beta: 0.9, seed, images }],
    classEffectiveNumber: [
      first(samplers.classEffectiveNumber),
      labels,
      { beta: 0.9, spread: 0.01, seed, images },
    ],
    reversed: [first(samplers.reversed), labels, { seed, images }],
    capped: [first(samplers.capped), labels, { cap: 1, seed }],
    deferred: [
      first(samplers.deferred),
      labels,
      { seed, switchEpoch: 2, name: 'a', before: samplers.instanceBalanced, after: samplers.reversed },
    ],
    'weightedBy classes': [
      first(samplers.weightedBy),
      labels,
      { classWeights: [1, 1, 2], name: 'a', images, length: 3, seed },
    ],
    'weightedBy images': [
      first(samplers.weightedBy),
      labels,
      { sampleWeights: [1, 1, 2, 0], length: 3, replacement: true, seed },
    ],
    'weightedBy, without replacement': [
      first(samplers.weightedBy),
      labels,
      { sampleWeights: [1, 1, 2, 0], length: 2, replacement: false, seed },
    ],
    indices: [(epoch: number) => samplers.classBalanced(labels, { seed }).indices(epoch), 0],
    probabilities: [(epoch: number) => samplers.classBalanced(labels, { seed }).probabilities(epoch), 0],
    batchSampler: [
      (sampler: samplers.Sampler, options: samplers.BatchOptions) =>
        samplers.batchSampler(sampler, options).batches(0),
      { ...own },
      { batchSize: 2, dropLast: true, rank: 0, ranks: 1 },
    ],
    indicesOf: [samplers.indicesOf, { ...own }, { epoch: 0, images: 4 }],
  },
  { isTyped: (error) => error instanceof LongtailError },
);

// Where no name is given, the sampler's has its q in it.
it.each([Symbol('q'), Object.create(null)])('refuses a q that has no text', (q) => {
  expect(() => samplers.powerLaw(labels, { q, seed })).toThrow(LongtailError);
});
