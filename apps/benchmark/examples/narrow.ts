// longtail run narrow.ts --data DIR --set epochs=10 samplers=instance-balanced
// The recipe of Tiny-ImageNet-LT with a ResNet-18 of half its width, a quarter of its work.
import { ARCHITECTURES, resNet } from '@longtail/backbones';
import type { Recipe } from '@longtail/benchmark';
import tiny from '../recipes/tiny-imagenet-lt.ts';

const recipe: Recipe = {
  ...tiny,
  name: 'tiny-imagenet-lt-narrow',
  summary: '200 classes of Tiny-ImageNet, ResNet-18 of half its width',
  backbone: ({ seed }) =>
    resNet({ ...ARCHITECTURES['resnet-18'], name: 'resnet-18, width 32', width: 32 }, { seed }),
};
export default recipe;
