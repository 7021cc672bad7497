import {
  batchSampler,
  capped,
  classAware,
  classBalanced,
  classEffectiveNumber,
  deferred,
  effectiveNumber,
  instanceBalanced,
  inverseFrequency,
  mixed,
  powerLaw,
  progressivelyBalanced,
  reversed,
  squareRoot,
  weightedBy,
} from '../src/index.ts';
import { describeSampler } from '../src/testing.ts';

describeSampler('instance-balanced', (labels, seed) => instanceBalanced(labels, { seed }));
describeSampler('class-balanced', (labels, seed) => classBalanced(labels, { seed }));
describeSampler('square-root', (labels, seed) => squareRoot(labels, { seed }));
describeSampler('power-law', (labels, seed) => powerLaw(labels, { q: 0.25, seed }));
describeSampler('progressively-balanced', (labels, seed) =>
  progressivelyBalanced(labels, { epochs: 10, seed }),
);
describeSampler('progressively-balanced, images cycled', (labels, seed) =>
  progressivelyBalanced(labels, { epochs: 10, schedule: 'official', images: 'cycled', seed }),
);
describeSampler('mixed', (labels, seed) => mixed(labels, { switchEpoch: 1, seed }));
describeSampler('class-aware', (labels, seed) => classAware(labels, { seed }));
describeSampler('class-aware, official length', (labels, seed) =>
  classAware(labels, { seed, length: 'official', cutAtBatch: 1 }),
);
describeSampler('inverse-frequency', (labels, seed) => inverseFrequency(labels, { seed }));
describeSampler('effective-number', (labels, seed) => effectiveNumber(labels, { seed }));
describeSampler('class-effective-number', (labels, seed) => classEffectiveNumber(labels, { seed }));
describeSampler('reversed', (labels, seed) => reversed(labels, { seed }));
describeSampler('capped', (labels, seed) => capped(labels, { cap: 3, seed }));
describeSampler('deferred', (labels, seed) => deferred(labels, { switchEpoch: 1, seed }));
describeSampler('weighted by counts', (labels, seed) =>
  weightedBy(labels, { classWeights: (counts) => counts, seed }),
);
describeSampler('weighted by image', (labels, seed) =>
  weightedBy(labels, { sampleWeights: labels.map((c, i) => 1 + c + (i % 4)), seed }),
);
describeSampler('weighted without replacement', (labels, seed) =>
  weightedBy(labels, { classWeights: (counts) => counts.map(() => 1), replacement: false, seed }),
);
describeSampler("a rank's batches", (labels, seed) =>
  batchSampler(classBalanced(labels, { seed }), { batchSize: 3 }),
);
