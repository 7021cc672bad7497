/**
 * ImageNet-LT as the paper and its code train it (Kang et al. 2020, section 5.1; config/ImageNet_LT): 90 epochs of SGD, batch
 * 512, rate 0.2 falling to 0 by a cosine, decay 5e-4, resized crops of 224, flip, colour jitter. With ResNeXt-50 the four
 * representations of Figure 1; with the other networks the instance-balanced one.
 *
 *   longtail run imagenet-lt-resnext-50 --data DIR --device gpu
 *   longtail run imagenet-lt-resnet-10 --data DIR --set microBatch=64        (where a batch of 512 does not fit)
 *
 * Cost of a representation, estimated (10.4 million pictures; see the README): 3 GPU hours ResNet-10, 8 ResNet-50, 12 ResNeXt-50,
 * 22 ResNeXt-101, 32 ResNeXt-152. On 2 CPU cores, by measured steps (docs/results.md), 17 days ResNet-50, 21 ResNeXt-50; the others in
 * proportion: 6 ResNet-10, 38 ResNeXt-101, 55 ResNeXt-152.
 *
 * To expect, top-1 in percent, many / medium / few / all (paper, Figure 1, and the official code's README), ResNeXt-50:
 *
 *   joint of instance-balanced        65.9 / 37.5 /  7.7 / 44.4
 *   joint of class-balanced           61.8 / 40.1 / 15.5 / 45.1
 *   joint of square-root              64.3 / 41.2 / 17.0 / 46.8
 *   joint of progressively-balanced   61.9 / 43.2 / 19.4 / 47.2
 *   NCM on instance-balanced          56.6 / 45.3 / 28.1 / 47.3
 *   cRT on instance-balanced          61.8 / 46.2 / 27.4 / 49.6
 *   tau-normalised on it              59.1 / 46.9 / 30.7 / 49.4
 *   LWS on it                         60.2 / 47.2 / 30.3 / 49.9
 *
 * Of the other networks, all on the instance-balanced representation: ResNet-50 (paper, as DisAlign's table 1 repeats it), ResNet-10 (as
 * OpenLT does), ResNeXt-101 and -152 (no numbers of the paper, but the baseline of DisAlign's table 10, of batches of 256):
 *
 *   ResNet-50    joint 64.0 / 33.8 / 5.8 / 41.6   NCM 53.1 / 42.3 / 26.5 / 44.3   cRT 58.8 / 44.0 / 26.1 / 47.3
 *                tau   56.6 / 44.2 / 27.4 / 46.7   LWS 57.1 / 45.2 / 29.3 / 47.7
 *   ResNet-10    joint 34.8, cRT 41.8, LWS 41.4 on all
 *   ResNeXt-101  joint 66.2 / 37.8 / 8.6 / 44.8
 *   ResNeXt-152  joint 69.1 / 41.4 / 10.4 / 47.8
 *
 * Other than published: class-balanced pictures are drawn one by one (there ClassAwareSampler), progressively-balanced ones by t = e / E
 * and with replacement (there linspace, in turn); the last epoch is taken, not the best by validation; stage 2 sees features cached once, without
 * augmentation and with frozen batch norms; LWS takes as many epochs as cRT, 10 instead of 5.
 */
import { type ArchitectureName, resNet } from '@longtail/backbones';
import {
  colorJitter,
  compose,
  horizontalFlip,
  IMAGENET_LT,
  imagenetLT,
  randomResizedCrop,
} from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

/** GPU hours, as above. */
const HOURS: Readonly<Partial<Record<ArchitectureName, number>>> = {
  'resnet-10': 3,
  'resnet-50': 8,
  'resnext-50': 12,
  'resnext-101': 22,
  'resnext-152': 32,
};

export const imageNetTail = (architecture: ArchitectureName): Recipe => ({
  name: `imagenet-lt-${architecture}`,
  summary: `ImageNet-LT, ${architecture.replace('resnet', 'ResNet').replace('resnext', 'ResNeXt')}`,
  needsData: true,
  options: {
    epochs: 90,
    batchSize: 512,
    learningRate: 0.2,
    weightDecay: 5e-4,
    samplers:
      architecture === 'resnext-50'
        ? 'instance-balanced,class-balanced,square-root,progressively-balanced'
        : 'instance-balanced',
    headEpochs: 10,
    headLearningRate: 0.2,
    headBatchSize: 512,
    headWeightDecay: 5e-4,
  },
  statistics: IMAGENET_LT.statistics,
  augment: compose(
    randomResizedCrop(224),
    horizontalFlip(),
    colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
  ),
  data: ({ data }) => imagenetLT(data),
  backbone: ({ seed }) => resNet(architecture, { seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs, step: 'official' }),
  ...(HOURS[architecture] && { cost: { hours: HOURS[architecture], on: 'a GPU' } }),
  headSchedule: 'official',
});
