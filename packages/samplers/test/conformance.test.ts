import {
  classAware,
  classBalanced,
  instanceBalanced,
  powerLaw,
  progressivelyBalanced,
  squareRoot,
} from '../src/index.ts';
import { describeSampler } from '../src/testing.ts';

describeSampler('instance-balanced', (labels, seed) => instanceBalanced(labels, { seed }));
describeSampler('class-balanced', (labels, seed) => classBalanced(labels, { seed }));
describeSampler('square-root', (labels, seed) => squareRoot(labels, { seed }));
describeSampler('power-law', (labels, seed) => powerLaw(labels, { q: 0.25, seed }));
describeSampler('progressively-balanced', (labels, seed) =>
  progressivelyBalanced(labels, { epochs: 10, seed }),
);
describeSampler('class-aware', (labels, seed) => classAware(labels, { seed }));
