/**
 * Tiny-ImageNet-LT: the 200 classes of Tiny-ImageNet (64x64) with min(500, their count in ImageNet-LT) training pictures,
 * ResNet-18. The smallest set of real photos here that has many-, medium- and few-shot classes.
 *
 *   longtail run tiny-imagenet-lt --data DIR
 *
 * Cost, estimated: 1 GPU hour for the four representations; on a core of an AMD EPYC of 2024 some 3 hours each, by what half the width takes.
 * To expect: nothing is published of this list; after 10 epochs of half the width cRT 18.4 % on all, joint 14.6 (docs/results.md).
 *
 * The paper's recipe for ImageNet-LT (section 5.1), but for the pictures' size, padded crops in the place of resized ones, no colour jitter, and
 * a batch of 128 at a rate of 0.05, in proportion, since an epoch would have 41 steps otherwise.
 */
import { resNet } from '@longtail/backbones';
import { compose, horizontalFlip, padAndCrop, TINY_IMAGENET_LT, tinyImagenetLT } from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const recipe: Recipe = {
  name: 'tiny-imagenet-lt',
  summary: '200 classes of Tiny-ImageNet, ResNet-18',
  needsData: true,
  options: {
    epochs: 90,
    batchSize: 128,
    learningRate: 0.05,
    weightDecay: 5e-4,
    samplers: 'instance-balanced,class-balanced,square-root,progressively-balanced',
    headEpochs: 10,
    headLearningRate: 0.05,
    headBatchSize: 128,
  },
  statistics: TINY_IMAGENET_LT.statistics,
  augment: compose(padAndCrop(8), horizontalFlip()),
  async data({ data, cache }) {
    const { train, validation } = await tinyImagenetLT(data, { cache });
    return { train, test: validation }; // tau is chosen on training pictures, not on the test
  },
  backbone: ({ seed }) => resNet('resnet-18', { seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs, step: 'official' }),
  cost: { hours: 0.25, on: 'a GPU' },
  headSchedule: 'official',
};
export default recipe;
