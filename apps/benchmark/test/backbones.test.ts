/**
 * Every architecture on libtorch: PyTorch's own features from the same weights (packages/backbones/test/golden/resnets.py), the
 * contract's suite, and a checkpoint of the official code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ARCHITECTURES,
  type Architecture,
  type ArchitectureName,
  cifarResNet,
  loadWeights,
  resNet,
  trainable,
} from '@longtail/backbones';
import { describeBackbone } from '@longtail/backbones/testing';
import { InputError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { type NamedArray, openArrays } from '@longtail/formats';
import { linearFrom } from '@longtail/heads';
import {
  drawn,
  drawnStateDict,
  readNpy,
  type Sample,
  sharedOrSkip,
  toBeCloseTo,
  toMatchSample,
  torchLibrary,
} from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

interface Golden {
  /** Height and width of the pictures. */
  readonly size: number;
  readonly parameters: number;
  readonly inference: Sample;
  /** In float64, and how far PyTorch's float32 is from it. */
  readonly training: Sample;
  readonly noise: number;
  /** At 75 x 61. */
  readonly odd?: Sample;
  /** A running mean after the pass in training. */
  readonly moved: Sample & { readonly name: string };
}
const path = join(import.meta.dirname, '../../../packages/backbones/test/golden/resnets.json');
const golden: Readonly<Record<ArchitectureName, Golden>> = JSON.parse(readFileSync(path, 'utf8'));

const pictures = (height: number, width: number): tf.Tensor4D =>
  tf.tensor4d(drawn('pictures', 2 * height * width * 3, [-2, 2]), [2, height, width, 3]);

/** The same graph with few channels and blocks: the suite makes a dozen of each, and more blocks are more of the same. */
const small = (how: Architecture): Architecture => ({
  ...how,
  width: 16,
  layers: how.layers.map((blocks) => Math.min(blocks, 2)),
  ...(how.groups && { groups: 4, widthPerGroup: 16 }),
});
/** One of each kind. */
const KINDS = [
  'resnet-10',
  'resnet-50',
  'resnet-152-caffe',
  'resnext-50',
  'cifar-resnet-20',
  'bbn-resnet-32',
  'wide-resnet-28-2',
] as const;

/** More blocks of the same kind, and most of the minutes: `pnpm test:long`. */
const isDeep = ({ stem, layers }: Architecture): boolean =>
  stem === 'photo' && layers.reduce((a, b) => a + b) > 20;
const DEEP = (Object.keys(ARCHITECTURES) as ArchitectureName[]).filter((name) => isDeep(ARCHITECTURES[name]));
const isLong = process.env.MODE === 'long';
if (!isLong) console.warn(`skipped: ${DEEP.join(', ')} beside PyTorch; pnpm test:long has them.`);

describe.skipIf(!torchLibrary())('backbones on libtorch', () => {
  beforeAll(async () => void (await loadEngine({ backend: 'torch' })));

  it.each(
    (Object.keys(ARCHITECTURES) as ArchitectureName[]).filter((name) => isLong || !DEEP.includes(name)),
  )(
    '%s computes what PyTorch computes',
    (name) => {
      const { size, parameters, inference, training, noise, odd, moved } = golden[name];
      const backbone = resNet(name, { seed: 0 });
      expect(trainable(backbone).reduce((sum, variable) => sum + variable.size, 0)).toBe(parameters);
      loadWeights(backbone, drawnStateDict(backbone.weights));
      const features = (height: number, width: number, options: { training: boolean }) =>
        tf.tidy(() => backbone.features(pictures(height, width), options).dataSync());
      toMatchSample(features(size, size, { training: false }), inference, 1e-4);
      if (odd) toMatchSample(features(75, 61, { training: false }), odd, 1e-4);
      // Statistics of few values amplify what float32 rounds, there as here.
      const relative = 1e-4 + 5 * noise;
      toMatchSample(features(size, size, { training: true }), training, relative);
      toMatchSample(backbone.weights.get(moved.name)!.dataSync(), moved, relative);
      backbone.dispose();
    },
    300_000,
  );

  for (const name of KINDS) {
    const how = small(ARCHITECTURES[name]);
    const shape = how.stem === 'photo' ? ([48, 40, 3] as const) : ([12, 16, 3] as const);
    describeBackbone(name, ({ seed }) => resNet(how, { seed }), { shape });
  }

  for (const [file, depth, prefix] of [
    ['resnet20-12fca82f.th', 20, 'state_dict.module.'],
    ['resnet32-d509ac18.th', 32, 'state_dict.module.'],
    ['imbalanced-DL_cifar10_exp_0.01_ERM_ckpt.best.pth.tar', 32, 'state_dict.backbone.'],
    ['MetaSAug_cifar10_CE_imb0.01.safetensors', 32, ''],
  ] as const)
    it(`${file} is a whole ResNet of CIFAR, and a classifier`, async (context) => {
      const checkpoint = sharedOrSkip(context, `data/weights/${file}`);
      const backbone = cifarResNet({ depth, seed: 0 });
      const { rest, ...loaded } = loadWeights(backbone, await readOrSkip(checkpoint, context.skip));
      expect(loaded).toEqual({ prefix, missing: [], unexpected: [] });
      const heads = [...rest].filter(([key]) => /(linear|classifier)\.weight$/.test(key));
      expect(heads.map(([, { shape }]) => shape)).toEqual([[10, 64]]);
      backbone.dispose();
    });

  it('the official checkpoint of a ResNet-10: its features and logits', async (context) => {
    const checkpoint = sharedOrSkip(context, 'reference/ResNet10Feature.pth');
    const backbone = resNet('resnet-10', { seed: 0 });
    const { prefix, rest } = loadWeights(backbone, await readOrSkip(checkpoint, context.skip));
    expect(prefix).toBe('state_dict_best.feat_model.module.');
    const reference = (name: string) => readNpy(checkpoint.replace('.pth', `_${name}.npy`));
    const { shape, data } = reference('input');
    const features = tf.tidy(() => {
      const nchw = tf.tensor4d(data as Float32Array, shape as [number, number, number, number]);
      return backbone.features(tf.transpose<tf.Tensor4D>(nchw, [0, 2, 3, 1]), { training: false });
    });
    const tensor = (name: string) => {
      const array = rest.get(`state_dict_best.classifier.module.fc.${name}`)!;
      return tf.tensor(array.data as Float32Array, [...array.shape]);
    };
    const head = linearFrom('joint', {
      weight: tensor('weight') as tf.Tensor2D,
      bias: tensor('bias') as tf.Tensor1D,
    });
    toBeCloseTo(features.dataSync(), reference('features').data, { relative: 1e-4 });
    toBeCloseTo(
      tf.tidy(() => head.logits(features).dataSync()),
      reference('logits').data,
      { relative: 1e-4 },
    );
    features.dispose();
    head.dispose();
    backbone.dispose();
  });
});

/** Every array of a file; skips the test, and says so, where the format has no reader. */
async function readOrSkip(file: string, skip: (reason: string) => never): Promise<Map<string, NamedArray>> {
  const opened = await openArrays(file).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    console.warn(`skipped: ${error.message}`);
    return skip(error.message);
  });
  const arrays = new Map<string, NamedArray>();
  for (const { name, dtype } of opened.arrays) if (dtype) arrays.set(name, await opened.read(name));
  await opened.close();
  return arrays;
}
