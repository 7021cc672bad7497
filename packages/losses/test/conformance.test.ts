/** Every loss through the suite that a stranger's runs through. */
import '@tensorflow/tfjs';
import { useTestBackend } from '@longtail/test-support/backend';
import { beforeAll } from 'vitest';
import * as losses from '../src/index.ts';
import { describeLoss } from '../src/testing.ts';

beforeAll(useTestBackend);

const { drw } = losses;
const soft = { soft: true };
describeLoss('cross-entropy', () => losses.crossEntropy(), soft);
describeLoss('label smoothing', () => losses.crossEntropy({ smoothing: 0.1 }), soft);
describeLoss('weighted', (counts) => losses.weightedCrossEntropy(counts.map((n) => n + 1)), soft);
describeLoss('class-balanced', (counts) => losses.classBalanced(counts), soft);
describeLoss('class-balanced by count', (counts) => losses.classBalanced(counts, { divisor: 'count' }), soft);
describeLoss('class-balanced sigmoid', (counts) => losses.classBalanced(counts, { form: 'sigmoid' }));
describeLoss('class-balanced focal', (counts) => losses.classBalanced(counts, { form: 'focal' }));
describeLoss('focal', () => losses.focal());
describeLoss('focal, gamma 0.5', () => losses.focal({ gamma: 0.5 }));
describeLoss('focal sigmoid', () => losses.focal({ form: 'sigmoid' }));
describeLoss('cost-sensitive', (counts) => losses.costSensitive(counts), soft);
describeLoss('grw', (counts) => losses.grw(counts), soft);
describeLoss('ldam', (counts) => losses.ldam(counts));
describeLoss('ldam-drw', (counts) => drw(counts, (weights) => losses.ldam(counts, { weights })));
describeLoss('focal-drw', (counts) => drw(counts, (weights) => losses.focal({ weights })));
describeLoss('balanced softmax', (counts) => losses.balancedSoftmax(counts), soft);
describeLoss('logit-adjusted', (counts) => losses.logitAdjusted(counts, { tau: 1.5 }), soft);
describeLoss('lade', (counts) => losses.ladeCrossEntropy(counts), soft);
for (const shape of ['concave', 'linear', 'convex', 'exponential'] as const)
  describeLoss(`label-aware ${shape}`, (counts) => losses.labelAwareSmoothing(counts, { shape }));
describeLoss('cdt', (counts) => losses.cdt(counts), soft);
describeLoss('equalization', (counts) => losses.equalization(counts, { threshold: 0.1 }));
describeLoss('equalization sigmoid', (counts) => losses.equalization(counts, { form: 'sigmoid' }));
describeLoss('influence-balanced', (counts) => losses.influenceBalanced(counts));
describeLoss('gcl', (counts) => losses.gcl(counts, { margin: 0.1 }), { soft: true });
