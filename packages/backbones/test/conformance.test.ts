/** Every kind of block, stem and shortcut through the suite that a stranger's backbone runs through, small, on tfjs's cpu backend. */
import '@tensorflow/tfjs';
import { useTestBackend } from '@longtail/test-support/backend';
import { beforeAll } from 'vitest';
import {
  ARCHITECTURES,
  type Architecture,
  cifarResNet,
  resNet,
  VIT_ARCHITECTURES,
  vit,
  wideResNet,
} from '../src/index.ts';
import { describeBackbone } from '../src/testing.ts';

beforeAll(useTestBackend);

const small = { width: 8, layers: [1, 1] };
const tiny = (how: Architecture) => (options: { seed: number }) => resNet(how, options);
const photo = { shape: [24, 20, 3] } as const;
const {
  'resnet-18': basic,
  'resnet-152-caffe': caffe,
  'resnext-50': grouped,
  'bbn-resnet-32': bbn,
} = ARCHITECTURES;

describeBackbone('cifar-resnet-8', ({ seed }) => cifarResNet({ depth: 8, width: 4, seed }), {
  shape: [12, 12, 3],
});
describeBackbone('wide-resnet-10-1', ({ seed }) => wideResNet({ depth: 10, widen: 1, seed }), {
  shape: [8, 8, 3],
});
describeBackbone('basic', tiny({ ...basic, ...small, layers: [2, 1] }), photo);
describeBackbone('stride in the 1x1', tiny({ ...caffe, ...small }), photo);
describeBackbone('grouped', tiny({ ...grouped, ...small, groups: 2, widthPerGroup: 32 }), photo);
describeBackbone(
  'two branches',
  ({ seed }) => resNet({ ...bbn, width: 4, layers: [1, 1, 1] }, { seed, channels: 1 }),
  { shape: [9, 9, 1] },
);

const transformer = { ...VIT_ARCHITECTURES['clip-vit-b/16'], ...{ patch: 4, width: 12, heads: 3, depth: 2 } };
describeBackbone(
  'transformer',
  ({ seed }) => vit({ ...transformer, projection: 5 }, { seed, pictureSize: [8, 12] }),
  { shape: [8, 12, 3] },
);
