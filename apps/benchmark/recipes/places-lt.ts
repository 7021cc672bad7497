/**
 * Places-LT as the paper trains it (Kang et al. 2020, section 5.1; config/Places_LT): a ResNet-152 pretrained on ImageNet, of
 * which the last block and the head are trained, 30 epochs of SGD, batch 256, the head at a rate of 0.1 and the block at 0.01,
 * cosine, decay 5e-4, resized crops of 224, flip, colour jitter.
 *
 *   longtail run places-lt --data DIR --set pretrained=resnet152.pth --device gpu
 *
 * The file: any ResNet-152 with PyTorch's names, such as torchvision's (pth or safetensors). The official code takes Caffe's
 * weights, in the graph that `resnet-152` is.
 *
 * Cost, estimated (1.9 million pictures, three quarters of the network forward only; see the README): 2 GPU hours;
 * on 2 CPU cores, by measured passes (docs/results.md), some 60 hours.
 * To expect, top-1 in percent, many / medium / few / all (paper; cRT and LWS as AlphaNet's table lists them):
 *
 *   joint   45.7 / 27.3 /  8.2 / 30.2
 *   NCM     40.4 / 37.1 / 27.3 / 36.4
 *   cRT     42.0 / 37.6 / 24.9 / 36.7
 *   tau     37.8 / 40.7 / 31.8 / 37.9
 *   LWS     40.6 / 39.1 / 28.7 / 37.6
 *
 * Other than published: the frozen stages' batch norms keep ImageNet's statistics, where the official code lets those of frozen
 * weights go on moving; as in imagenet-lt.ts the last epoch, stage 2 on cached features, and 10 epochs of LWS.
 */
import { resNet } from '@longtail/backbones';
import {
  colorJitter,
  compose,
  horizontalFlip,
  PLACES_LT,
  placesLT,
  randomResizedCrop,
} from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

const recipe: Recipe = {
  name: 'places-lt',
  summary: 'Places-LT, pretrained ResNet-152, last block and head trained',
  needsData: true,
  needsPretrained: true,
  options: {
    epochs: 30,
    batchSize: 256,
    learningRate: 0.1,
    weightDecay: 5e-4,
    samplers: 'instance-balanced',
    headEpochs: 10,
    headLearningRate: 0.1,
    headBatchSize: 256,
    headWeightDecay: 5e-4,
  },
  statistics: PLACES_LT.statistics,
  augment: compose(
    randomResizedCrop(224),
    horizontalFlip(),
    colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
  ),
  data: ({ data }) => placesLT(data),
  backbone: ({ seed }) => resNet('resnet-152', { seed }),
  frozen: ['stem', 'layer1', 'layer2', 'layer3'],
  backboneRate: 0.1,
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs, step: 'official' }),
  cost: { hours: 2, on: 'a GPU' },
  headSchedule: 'official',
};
export default recipe;
