/**
 * The paper's finding in minutes and without a download: drawn pictures of 36 classes (500 .. 5 a class), a small
 * CIFAR-style ResNet, four representations with five classifiers each.
 *
 *   longtail run demo
 *
 * Cost: about 4 minutes on 2 cores; on a GPU it waits for the CPU. To expect on the instance-balanced representation (seeds 0, 1, 2): joint 84
 * to 97 % many-shot and 0 to 2 % few-shot; the best re-balanced classifier 45 to 59 points above it on few, 20 to 26 on all (docs/results.md).
 */
import { cifarResNet } from '@longtail/backbones';
import { compose, DRAWN_STATISTICS, drawnLT, horizontalFlip, padAndCrop } from '@longtail/datasets';
import { cosine, warmUp } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const recipe: Recipe = {
  name: 'demo',
  summary: 'drawn pictures of 36 classes, a small ResNet: minutes, no download',
  needsData: false,
  options: {
    epochs: 12,
    imagesPerEpoch: 0,
    batchSize: 32,
    learningRate: 0.1,
    weightDecay: 5e-4,
    samplers: 'instance-balanced,class-balanced,square-root,progressively-balanced',
    headEpochs: 10,
    headLearningRate: 0.05,
    headBatchSize: 128,
  },
  statistics: DRAWN_STATISTICS,
  augment: compose(padAndCrop(2), horizontalFlip()),
  data: async ({ seed }) => drawnLT({ seed }),
  backbone: ({ seed }) => cifarResNet({ depth: 8, seed }),
  schedule: ({ learningRate, epochs }) =>
    warmUp(cosine(learningRate, { epochs }), { epochs: Math.min(1, epochs) }),
  cost: { hours: 0.01, on: '2 CPU cores' },
};
export default recipe;
