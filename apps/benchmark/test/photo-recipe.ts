/** A recipe of one's own over a folder of photos, a folder a class, which are training and test pictures at once. */
import { resNet } from '@longtail/backbones';
import { compose, horizontalFlip, IMAGENET_LT, imageFolder, randomResizedCrop } from '@longtail/datasets';
import type { Recipe } from '../src/recipe.ts';
import folder from './folder-recipe.ts';

const recipe: Recipe = {
  ...folder,
  name: 'photos',
  summary: 'photos of a folder, ResNet-10',
  statistics: IMAGENET_LT.statistics,
  augment: compose(randomResizedCrop(224), horizontalFlip()),
  data: async ({ data }) => {
    const train = await imageFolder(data);
    return { train, test: train };
  },
  backbone: ({ seed }) => resNet('resnet-10', { seed }),
};
export default recipe;
