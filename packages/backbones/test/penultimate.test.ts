/** What goes into the last stage or block, pooled: by networks that end there. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHITECTURES,
  type Architecture,
  type Backbone,
  cifarArchitecture,
  loadWeights,
  resNet,
  saveWeights,
  VIT_ARCHITECTURES,
  vit,
  wideArchitecture,
} from '../src/index.ts';

beforeAll(useTestBackend);

const images = (height: number, width: number): tf.Tensor4D =>
  normal([3, height, width, 3], { seed: 1 }) as tf.Tensor4D;

/** Of both networks' weights those that the shorter one has, and its features. */
function byShorter(backbone: Backbone, shorter: Backbone, pictures: tf.Tensor4D) {
  const own = new Map([...saveWeights(backbone)].filter(([name]) => shorter.weights.has(name)));
  loadWeights(shorter, own);
  return tf.tidy(() => [
    backbone.penultimate!.features(pictures).arraySync(),
    shorter.features(pictures, { training: false }).arraySync(),
  ]);
}

describe('of a residual network', () => {
  const { branches: _, ...bbn } = ARCHITECTURES['bbn-resnet-32'];
  const small: Architecture = { ...cifarArchitecture(8, { width: 4 }), layers: [1, 2, 1] };
  it.each<[string, Architecture, Architecture, number]>([
    ['three stages', small, { ...small, layers: [1, 2] }, 8],
    ['one stage', { ...small, layers: [1] }, { ...small, layers: [1, 1], width: 2, stemWidth: 4 }, 4],
    [
      'bottlenecks',
      { ...small, block: 'bottleneck', layers: [1, 1] },
      { ...small, block: 'bottleneck', layers: [1] },
      16,
    ],
    ['branches', ARCHITECTURES['bbn-resnet-32'], bbn, 64],
  ])('%s: the features of the network without the last one', (title, how, shorter, dim) => {
    const tensors = tf.memory().numTensors;
    const [backbone, other] = [resNet(how, { seed: 0 }), resNet(shorter, { seed: 1 })];
    expect(backbone.penultimate!.featureDim).toBe(dim);
    const pictures = images(12, 8);
    if (title === 'one stage') {
      const found = backbone.penultimate!.features(pictures);
      expect(found.shape).toEqual([3, 4]);
      found.dispose();
    } else {
      const [ours, theirs] = byShorter(backbone, other, pictures);
      toBeCloseTo((ours as number[][]).flat(), (theirs as number[][]).flat());
    }
    const grey = tf.zeros<tf.Rank.R4>([1, 8, 8, 1]);
    expect(() => backbone.penultimate!.features(grey)).toThrow(InputError);
    for (const one of [backbone, other]) one.dispose();
    tf.dispose([pictures, grey]);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('before a normalisation that is behind the last stage: pre-activation', () => {
    const backbone = resNet({ ...wideArchitecture(10, 1), layers: [1, 1] }, { seed: 0 });
    const found = tf.tidy(() => backbone.penultimate!.features(images(8, 8)).arraySync());
    expect([found.length, found[0]!.length]).toEqual([3, backbone.penultimate!.featureDim]);
    expect(found.flat().some((x) => x < 0)).toBe(true); // no ReLU is before it
    backbone.dispose();
  });
});

it('of a transformer: the class token that a last block adding nothing hands on to the last normalisation', () => {
  const row = { ...VIT_ARCHITECTURES['vit-s/16'], patch: 4, width: 12, heads: 3, depth: 3 };
  const backbone = vit(row, { seed: 0, pictureSize: 8 });
  const pictures = images(8, 8);
  for (const [name, variable] of backbone.weights)
    if (/^blocks\.2\.(attn\.proj|mlp\.fc2)\./.test(name))
      tf.tidy(() => variable.assign(tf.zerosLike(variable)));
  const [ours, theirs] = tf.tidy(() => {
    const tokens = backbone.penultimate!.features(pictures);
    const { mean, variance } = tf.moments(tokens, 1, true);
    const normalised = tf.div(tf.sub(tokens, mean), tf.sqrt(tf.add(variance, 1e-6)));
    return [normalised.dataSync(), backbone.features(pictures, { training: false }).dataSync()];
  });
  expect(backbone.penultimate!.featureDim).toBe(12);
  toBeCloseTo(ours, theirs);
  backbone.dispose();
  pictures.dispose();
});
