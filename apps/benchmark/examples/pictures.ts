// longtail extract --onnx network.onnx --recipe pictures.ts --data DIR --out features
// DIR has train/CLASS/*.jpg and test/CLASS/*.jpg.
import { join } from 'node:path';
import { resNet } from '@longtail/backbones';
import type { Recipe } from '@longtail/benchmark';
import {
  centerCrop,
  compose,
  IMAGENET_LT,
  imageFolder,
  randomResizedCrop,
  resizeShortSide,
} from '@longtail/datasets';
import { cosine } from '@longtail/optim';

const recipe: Recipe = {
  name: 'pictures',
  summary: 'a folder a class',
  needsData: true,
  options: {},
  statistics: IMAGENET_LT.statistics, // mean and deviation of each colour
  evaluate: compose(resizeShortSide(256), centerCrop(224)), // what is done to each picture
  data: async ({ data }) => {
    const train = await imageFolder(join(data, 'train'));
    return { train, test: await imageFolder(join(data, 'test'), { classNames: train.classNames }) };
  },
  backbone: ({ seed }) => resNet('resnet-50', { seed }), // of --checkpoint; --onnx brings its own
  augment: randomResizedCrop(224), // these two are of training
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs }),
};
export default recipe;
