/** A recipe of one's own over a folder of pictures, as small as can be: what other tests run. */
import { join } from 'node:path';
import { cifarResNet } from '@longtail/backbones';
import { compose, horizontalFlip, IMAGENET_LT, imageFolder } from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const recipe: Recipe = {
  name: 'folder',
  summary: 'train/ and test/ of a folder, ResNet-8',
  needsData: true,
  options: {
    epochs: 1,
    imagesPerEpoch: 0,
    batchSize: 8,
    learningRate: 0.1,
    weightDecay: 0,
    samplers: 'instance-balanced',
    headEpochs: 1,
    headLearningRate: 0.1,
    headBatchSize: 8,
  },
  statistics: IMAGENET_LT.statistics,
  augment: compose(horizontalFlip()),
  data: async ({ data }) => {
    const train = await imageFolder(join(data, 'train'));
    const test = await imageFolder(join(data, 'test'), { classNames: train.classNames });
    return { train, test };
  },
  backbone: ({ seed }) => cifarResNet({ depth: 8, seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs }),
};
export default recipe;
