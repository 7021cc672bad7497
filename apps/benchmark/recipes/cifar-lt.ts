/**
 * CIFAR-10-LT and CIFAR-100-LT as "Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss" trains them (Cao et
 * al., NeurIPS 2019, section 4.2 and its code): ResNet-32, 200 epochs of SGD, batch 128, rate 0.1, 5 epochs of warm-up, a
 * hundredth from epoch 160 on and again from 180, decay 2e-4, pad-crop and flip.
 *
 *   longtail run cifar-100-lt-if100 --data DIR
 *   longtail run cifar-10-lt-step-if10 --data DIR --set loss=ldam-drw samplers=instance-balanced
 *
 * Cost of the four representations at factor 100: estimated 3 GPU hours; on a core of an AMD EPYC of 2024 1.7 hours each
 * (`--dry-run` says what a machine takes). At factor 10 nearly twice that.
 *
 * To expect of the instance-balanced joint head (cross-entropy, lossless pictures), top-1 in percent:
 *
 *   factor                      10      50      100
 *   CIFAR-10, exponential       86.39   74.81   70.36
 *   CIFAR-10, step              -       -       -
 *   CIFAR-100, exponential      -       43.85   38.32
 *   CIFAR-100, step             -       -       -
 *
 * by LDAM's table 2; factor 50 by BBN (Zhou et al., CVPR 2020, table 2), which has no step. A dash is a number that nobody has checked
 * here: those of LDAM's table that no second source repeats.
 * Here, on JPEG pictures, at factor 100 of CIFAR-10, exponential: joint 65.6, cRT 70.2, LWS 69.7, NCM 74.8 (docs/results.md).
 *
 * Other than published: the last epoch is taken, not the best on the test. LDAM has no second stage: its rate is the official
 * 0.2 of batches of 512 in proportion.
 */
import { cifarResNet } from '@longtail/backbones';
import {
  CIFAR_STATISTICS,
  cifar10LT,
  cifarLT,
  compose,
  horizontalFlip,
  padAndCrop,
} from '@longtail/datasets';
import { steps, warmUp } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

export interface CifarTail {
  readonly numClasses: 10 | 100;
  readonly profile: 'exponential' | 'step';
  readonly imbalanceFactor: 10 | 50 | 100;
}

/** Such as `cifar-100-lt-step-if50`. */
export const cifarTailName = ({ numClasses, profile, imbalanceFactor }: CifarTail): string =>
  `cifar-${numClasses}-lt-${profile === 'step' ? 'step-' : ''}if${imbalanceFactor}`;

/** LDAM's 160 and 180 of 200 epochs, in that proportion of others. */
const falls = (epochs: number): number[] => [Math.round(0.8 * epochs), Math.round(0.9 * epochs)];

export const cifarTail = (tail: CifarTail): Recipe => ({
  name: cifarTailName(tail),
  summary: `CIFAR-${tail.numClasses}-LT, ${tail.profile}, imbalance ${tail.imbalanceFactor}, ResNet-32`,
  needsData: true,
  options: {
    epochs: 200,
    batchSize: 128,
    learningRate: 0.1,
    weightDecay: 2e-4,
    samplers: 'instance-balanced,class-balanced,square-root,progressively-balanced',
    headEpochs: 10,
    headLearningRate: 0.05,
    headBatchSize: 128,
  },
  statistics: CIFAR_STATISTICS,
  augment: compose(padAndCrop(4), horizontalFlip()),
  // Of any seed the pictures of the literature: LDAM's draw.
  data({ data, cache, onProgress }) {
    const { profile, imbalanceFactor } = tail;
    if (tail.numClasses === 100) return cifarLT('cifar-100', data, { profile, imbalanceFactor });
    return cifar10LT(data, { cache, profile, imbalanceFactor, ...(onProgress && { onProgress }) });
  },
  backbone: ({ seed }) => cifarResNet({ depth: 32, seed }),
  schedule: ({ learningRate, epochs }) =>
    warmUp(steps(learningRate, { at: falls(epochs), factor: 0.01 }), { epochs: Math.min(5, epochs) }),
  cost: { hours: tail.imbalanceFactor === 10 ? 1.5 : 0.75, on: 'a GPU' },
  headSchedule: 'official',
});
