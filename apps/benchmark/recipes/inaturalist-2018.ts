/**
 * iNaturalist 2018 as the paper and its code train it (Kang et al. 2020, section 5.1; config/iNaturalist18): 90 or 200 epochs of
 * SGD, batch 512, rate 0.2 falling to 0 by a cosine, decay 1e-4, resized crops of 224, flip, no colour jitter; cRT for 30 epochs.
 *
 *   longtail run inaturalist-2018-resnet-50 --data DIR --device gpu
 *   longtail run inaturalist-2018-resnet-152-200-epochs --data DIR --device gpu
 *
 * Cost of 90 epochs, estimated (39.4 million pictures; see the README): 30 GPU hours ResNet-50, 58 ResNet-101, 86 ResNet-152;
 * 200 epochs 2.2 times that. On 2 CPU cores, by measured steps (docs/results.md), 62 days ResNet-50, 165 ResNet-152, in proportion 120
 * ResNet-101. `longtail data pack` before it makes the originals cheap to read.
 *
 * To expect, top-1 in percent (paper, as DisAlign's tables 3 and 13 and RIDE's model zoo repeat it; ResNet-101: the baseline of DisAlign's
 * table 13, of batches of 256):
 *
 *                          joint, many / medium / few / all    cRT    tau    LWS
 *   ResNet-50, 90 epochs      72.2 / 63.0 / 57.2 / 61.7       65.2   65.6   65.9
 *   ResNet-50, 200            75.7 / 66.9 / 61.7 / 65.8       68.2   69.3   69.5
 *   ResNet-101, 90            75.9 / 66.0 / 59.9 / 64.6
 *   ResNet-101, 200           75.5 / 68.9 / 63.2 / 67.3
 *   ResNet-152, 90            75.2 / 66.3 / 60.7 / 65.0       68.5   68.8   69.1
 *   ResNet-152, 200           78.2 / 70.6 / 64.7 / 69.0       71.2   72.5   72.1
 *
 * Other than published: the validation pictures are the test, so tau is chosen on class-balanced training pictures, where the
 * official code takes the best on the test; as in imagenet-lt.ts the last epoch, stage 2 on cached features, and LWS as long as cRT.
 */
import { type ArchitectureName, resNet } from '@longtail/backbones';
import {
  compose,
  horizontalFlip,
  INATURALIST_2018,
  inaturalist2018,
  randomResizedCrop,
} from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

/** GPU hours of 90 epochs, as above. */
const HOURS: Readonly<Partial<Record<ArchitectureName, number>>> = {
  'resnet-50': 30,
  'resnet-101': 58,
  'resnet-152': 86,
};

export const inaturalist = (architecture: ArchitectureName, { epochs }: { epochs: 90 | 200 }): Recipe => ({
  name: `inaturalist-2018-${architecture}${epochs === 200 ? '-200-epochs' : ''}`,
  summary: `iNaturalist 2018, ${architecture.replace('resnet', 'ResNet')}, ${epochs} epochs`,
  needsData: true,
  options: {
    epochs,
    batchSize: 512,
    learningRate: 0.2,
    weightDecay: 1e-4,
    samplers: 'instance-balanced',
    headEpochs: 30,
    headLearningRate: 0.2,
    headBatchSize: 512,
    headWeightDecay: 1e-4,
  },
  statistics: INATURALIST_2018.statistics,
  augment: compose(randomResizedCrop(224), horizontalFlip()),
  async data({ data }) {
    const { train, validation } = await inaturalist2018(data);
    return { train, test: validation };
  },
  backbone: ({ seed }) => resNet(architecture, { seed }),
  schedule: ({ learningRate, epochs: all }) => cosine(learningRate, { epochs: all, step: 'official' }),
  ...(HOURS[architecture] && { cost: { hours: (HOURS[architecture] * epochs) / 90, on: 'a GPU' } }),
  headSchedule: 'official',
});
