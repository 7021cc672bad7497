import '@tensorflow/tfjs';
import { DataError, InputError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Backbone,
  loadWeights,
  resizePositions,
  saveWeights,
  trainable,
  VIT_ARCHITECTURES,
  type VitArchitecture,
  vit,
} from '../src/index.ts';

beforeAll(useTestBackend);

const TINY: VitArchitecture = {
  ...VIT_ARCHITECTURES['dinov2-vit-s/14-registers'],
  patch: 4,
  width: 12,
  heads: 3,
  depth: 3,
};
const tiny = (changes: Partial<VitArchitecture> = {}): Backbone =>
  vit({ ...TINY, ...changes }, { seed: 0, pictureSize: [8, 12] });
const pictures = (n: number): tf.Tensor4D =>
  normal([n, 8, 12, 3], { seed: 1, keys: ['pictures'] }) as tf.Tensor4D;
const featuresOf = (backbone: Backbone, images: tf.Tensor4D, training = false): tf.TypedArray =>
  tf.tidy(() => backbone.features(images, { training }).dataSync());

describe('stages', () => {
  it('are embed, each block and head, and hold every weight once', () => {
    const backbone = tiny();
    expect(backbone.stages.map(({ name }) => name)).toEqual(['embed', 'block0', 'block1', 'block2', 'head']);
    const all = trainable(backbone);
    expect(new Set(all)).toEqual(new Set(backbone.weights.values()));
    expect(all.length).toBe(backbone.weights.size);
    expect(trainable(backbone, { stages: ['block1'] }).length).toBe(14);
    backbone.dispose();
  });

  it('are trained one by one: each weight gets a gradient, and no other is needed', () => {
    const backbone = tiny({ preNorm: true, projection: 5 });
    const images = pictures(2);
    for (const { name } of backbone.stages) {
      const variables = trainable(backbone, { stages: [name] });
      tf.tidy(() => {
        const loss = () => tf.sum(tf.square(backbone.features(images, { training: true }))) as tf.Scalar;
        const { grads } = tf.variableGrads(loss, variables);
        expect(Object.keys(grads).length).toBe(variables.length);
        for (const gradient of Object.values(grads))
          expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
      });
    }
    tf.dispose(images);
    backbone.dispose();
  });

  it('refuses to freeze one that it has not', () => {
    const backbone = tiny();
    const images = pictures(1);
    expect(() => backbone.features(images, { training: true, frozen: ['layer1'] } as never)).toThrow(
      'has the stages embed, block0, block1, block2, head, but "layer1"',
    );
    tf.dispose([images, backbone.features(images, { training: true, frozen: ['embed'] } as never)]);
    backbone.dispose();
  });
});

describe('features', () => {
  it('are the same in training, and for a picture alone', () => {
    const backbone = tiny();
    const [three, first] = [pictures(3), tf.slice(pictures(3), 0, 1)];
    const features = featuresOf(backbone, three);
    expect(featuresOf(backbone, three, true)).toEqual(features);
    expect(featuresOf(backbone, first)).toEqual(features.slice(0, 12));
    backbone.dispose();
  });

  it.each([
    ['an empty batch', [0, 8, 12, 3], 'float32', 'a batch of at least one picture'],
    ['another size', [1, 12, 8, 3], 'float32', 'pictures [N, 8, 12, 3], but got float32 [1,12,8,3]'],
    ['another number of channels', [1, 8, 12, 1], 'float32', 'pictures [N, 8, 12, 3]'],
    ['a single picture without a batch', [8, 12, 3], 'float32', 'pictures [N, 8, 12, 3]'],
    ['integers', [1, 8, 12, 3], 'int32', 'but got int32'],
  ] as const)('refuse %s, and work after it', (_, shape, dtype, message) => {
    const backbone = tiny();
    const images = pictures(1);
    const before = featuresOf(backbone, images);
    const wrong = tf.zeros<tf.Rank>([...shape] as number[] as never, dtype) as tf.Tensor4D;
    const tensors = tf.memory().numTensors;
    expect(() => backbone.features(wrong, { training: false })).toThrow(InputError);
    expect(() => backbone.features(wrong, { training: false })).toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(featuresOf(backbone, images)).toEqual(before);
    backbone.dispose();
  });

  it('of other sizes, where it may resize its positions, which get gradients; never of parts of a patch', () => {
    const other = normal([2, 12, 16, 3], { seed: 1 }) as tf.Tensor4D;
    const before = tf.memory().numTensors;
    const how = { seed: 0, pictureSize: 8 } as const;
    const backbone = vit(TINY, { ...how, resize: {} });
    const same = vit(TINY, { ...how, pictureSize: [12, 16] });
    loadWeights(same, resizePositions(saveWeights(backbone), { pictureSize: [12, 16] }));
    toBeCloseTo(featuresOf(backbone, other), featuresOf(same, other), { relative: 1e-5 });
    const positions = backbone.weights.get('pos_embed')!;
    const loss = () => tf.sum(tf.square(backbone.features(other, { training: true }))) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, [positions]);
    const slope = grads[positions.name]!;
    expect(slope.shape).toEqual([1, 4, 12]);
    expect(slope.dataSync().every((one) => one !== 0)).toBe(true);
    tf.dispose([value, slope]);
    const wrong = tf.zeros<tf.Rank.R4>([1, 12, 10, 3]);
    expect(() => backbone.features(wrong, { training: false })).toThrow(InputError);
    expect(() => backbone.features(wrong, { training: false })).toThrow(
      'vit needs float32 pictures [N, H, W, 3], H and W multiples of 4, but got float32 [1,12,10,3]; resize or crop them.',
    );
    wrong.dispose();
    for (const made of [backbone, same]) made.dispose();
    expect(tf.memory().numTensors).toBe(before);
    other.dispose();
  });

  it('leave no tensor behind, nor does a step, nor disposing twice', () => {
    const images = pictures(2);
    const before = tf.memory().numTensors;
    const backbone = tiny({ preNorm: true, projection: 5 });
    const held = tf.memory().numTensors;
    expect(held - before).toBe(backbone.weights.size);
    backbone.features(images, { training: false }).dispose();
    expect(tf.memory().numTensors).toBe(held);
    const loss = () => tf.sum(backbone.features(images, { training: true })) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, trainable(backbone));
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(held);
    backbone.dispose();
    backbone.dispose();
    expect(tf.memory().numTensors).toBe(before);
    images.dispose();
  });
});

describe('weights', () => {
  it('start from their seed, and are what was loaded', () => {
    const [first, second] = [tiny(), tiny()];
    const other = vit(TINY, { seed: 1, pictureSize: [8, 12] });
    const saved = saveWeights(first);
    expect(saveWeights(second)).toEqual(saved);
    expect(saveWeights(other)).not.toEqual(saved);
    loadWeights(other, saved);
    expect(saveWeights(other)).toEqual(saved);
    expect(saved.get('blocks.0.mlp.fc1.weight')?.shape).toEqual([48, 12]);
    expect(saved.get('patch_embed.proj.weight')?.shape).toEqual([12, 3, 4, 4]);
    for (const backbone of [first, second, other]) backbone.dispose();
  });

  it('of another size of pictures are refused: they must be resized first', () => {
    const [backbone, larger] = [tiny(), vit(TINY, { seed: 0, pictureSize: 16 })];
    expect(() => loadWeights(backbone, saveWeights(larger))).toThrow(DataError);
    expect(() => loadWeights(backbone, saveWeights(larger))).toThrow('pos_embed');
    for (const made of [backbone, larger]) made.dispose();
  });
});
