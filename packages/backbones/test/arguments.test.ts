/** Every exported function with every wrong argument. */
import '@tensorflow/tfjs';
import { LongtailError } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { testArguments } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import * as backbones from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const { ARCHITECTURES, VIT_ARCHITECTURES, cifarResNet, loadWeights, saveWeights, vit } = backbones;
const before = tf.memory().numTensors;
const backbone = cifarResNet({ depth: 8, width: 4, seed: 0 });
const saved = saveWeights(backbone);
const pictures = tf.zeros<tf.Rank.R4>([2, 8, 8, 3]);
const statistics = { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };
const row = { ...ARCHITECTURES['resnext-50'], name: 'own', layers: [1, 1], width: 4 };
const resNetRow = {
  ...row,
  stemWidth: 4,
  shortcut: 'projection',
  strideIn: '3x3',
  branches: ['one'],
  fan: 'in',
};
const vitRow = {
  ...VIT_ARCHITECTURES['clip-vit-b/16'],
  ...{ patch: 4, width: 12, heads: 3, depth: 1, projection: 2 },
};
const size = { seed: 0, pictureSize: [8, 8] };
const timm = new Map<string, NamedArray>([
  ['pos_embed', { shape: [1, 5, 2], data: new Float32Array(10) }],
  ['patch_embed.proj.weight', { shape: [2, 3, 4, 4], data: new Float32Array(96) }],
]);
const tensors = [tf.scalar(1), tf.zeros([3]), tf.zeros([2])] as const;

/** What is made, and freed. */
const made =
  (make: (...given: never[]) => backbones.Backbone) =>
  (...given: never[]): number => {
    const found = make(...given);
    found.dispose();
    return found.featureDim;
  };
const features = (of: backbones.Backbone) => (images: tf.Tensor4D, options: backbones.FeatureOptions) =>
  tf.tidy(() => of.features(images, options).dataSync());

const TABLE: Parameters<typeof testArguments>[0] = {
  checkPictures: [backbones.checkPictures, pictures, { name: 'own', channels: 3, smallest: 3 }],
  checkPixels: [backbones.checkPixels, new Uint8Array(12), [1, 2, 2, 3], { name: 'own', size: [2, 2] }],
  checkStages: [backbones.checkStages, { name: 'own', stages: backbone.stages }, ['stem']],
  cifarArchitecture: [backbones.cifarArchitecture, 8, { width: 4 }],
  cifarResNet: [made(cifarResNet), { depth: 8, width: 4, channels: 1, seed: 0 }],
  featureExtractor: [backbones.featureExtractor, backbone, statistics],
  loadWeights: [loadWeights, backbone, saved, { prefix: '', strict: true }],
  pictureSizeOf: [backbones.pictureSizeOf, timm, { patch: 4 }],
  resNet: [made(backbones.resNet), resNetRow, { seed: 0, channels: 3 }],
  resizePositions: [backbones.resizePositions, timm, { pictureSize: [8, 12], antialias: true, offset: 0.1 }],
  saveWeights: [saveWeights, backbone],
  timmNames: [backbones.timmNames, ['module.norm.weight'], { prefix: 'module.' }],
  toTimmNames: [backbones.toTimmNames, timm, { prefix: '' }],
  trainable: [backbones.trainable, backbone, { stages: ['layer1'] }],
  vit: [
    made(vit),
    vitRow,
    { ...size, projection: true, epsilon: 1e-6, resize: { antialias: true, offset: 0 } },
  ],
  wideArchitecture: [backbones.wideArchitecture, 10, 1],
  wideResNet: [made(backbones.wideResNet), { depth: 10, widen: 1, channels: 1, seed: 0 }],
};

it('pictures that are no tensor, or disposed, are refused in words', () => {
  const gone = tf.clone(pictures);
  gone.dispose();
  const how = { training: false };
  expect(() => backbone.features([[1]] as never, how)).toThrow(
    'images must be a tensor, but it is an array of 1; make it one by tf.tensor.',
  );
  expect(() => backbone.features(gone, how)).toThrow('but it is float32 [2,8,8,3], disposed before.');
  expect(features(backbone)(pictures, how)).toHaveLength(2 * backbone.featureDim);
});

it('every function is in the table', () => {
  const functions = Object.entries(backbones).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  expect(Object.keys(TABLE)).toEqual(functions.sort());
});

const transformer = vit(vitRow, { seed: 0, pictureSize: 8 });
const options = { training: true, frozen: ['stem'], checkpointed: ['layer1'] };
testArguments(
  {
    ...TABLE,
    'features of a residual network': [features(backbone), pictures, options],
    'features of a transformer': [
      features(transformer),
      pictures,
      { ...options, frozen: ['embed'], checkpointed: ['block0'] },
    ],
    'resNet by name': [made(backbones.resNet), 'cifar-resnet-20', { seed: 0 }],
    'layers of a residual network': [
      (layers: number[]) => made(backbones.resNet)({ ...row, layers } as never, { seed: 0 } as never),
      [1, 1],
    ],
  },
  {
    isTyped: (error) => error instanceof LongtailError,
    wrong: [tensors[0], tensors[1], [tensors[2]], 'x'],
  },
);

it('no call has left a tensor', () => {
  tf.dispose([pictures, ...tensors]);
  for (const one of [transformer, backbone]) one.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
