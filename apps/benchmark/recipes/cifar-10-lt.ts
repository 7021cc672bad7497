/**
 * CIFAR-10-LT, imbalance factor 100, ResNet-32 (Cao et al. 2019's recipe: SGD, warm-up, pad-crop, flip; cosine instead
 * of steps, so that any number of epochs ends well).
 *
 *   longtail run cifar-10-lt --data DIR [--set epochs=200]
 *
 * Cost: 27 seconds an epoch and representation on a core of an AMD EPYC of 2024; of 200 epochs an estimated 0.75 GPU hours. To expect
 * (ERM, 200 epochs, lossless pictures): joint about 70 % (LDAM paper, table 2: 29.64 % error); after 20 epochs less. On JPEG pictures
 * 64, NCM 74 (docs/results.md).
 */
import { cifarResNet } from '@longtail/backbones';
import { CIFAR_STATISTICS, cifar10LT, compose, horizontalFlip, padAndCrop } from '@longtail/datasets';
import { cosine, warmUp } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const recipe: Recipe = {
  name: 'cifar-10-lt',
  summary: 'CIFAR-10-LT (imbalance 100) on real pictures, ResNet-32, cosine',
  needsData: true,
  options: {
    epochs: 200,
    imagesPerEpoch: 0,
    batchSize: 128,
    learningRate: 0.1,
    weightDecay: 2e-4,
    samplers: 'instance-balanced,class-balanced,square-root,progressively-balanced',
    headEpochs: 10,
    headLearningRate: 0.05, // the official 0.2 is for batches of 512
    headBatchSize: 128,
  },
  statistics: CIFAR_STATISTICS,
  augment: compose(padAndCrop(4), horizontalFlip()),
  // Of any seed the pictures of the literature: LDAM's draw.
  data: ({ data, cache, onProgress }) => cifar10LT(data, { cache, ...(onProgress && { onProgress }) }),
  backbone: ({ seed }) => cifarResNet({ depth: 32, seed }),
  schedule: ({ learningRate, epochs }) =>
    warmUp(cosine(learningRate, { epochs }), { epochs: Math.min(5, epochs) }),
  cost: { hours: 1.7, on: '2 CPU cores' },
  headSchedule: 'official', // stepped at the start of each epoch, as the paper's code
};
export default recipe;
