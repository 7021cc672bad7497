/** Vision transformers equal to those of timm, transformers and torchvision, from their files' names (golden/vit.py). */
import '@tensorflow/tfjs';
import { join } from 'node:path';
import {
  readVitGolden,
  toBeCloseTo,
  type VitCase,
  vitArrays,
  vitPictures,
  vitWeight,
} from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Backbone,
  loadWeights,
  pictureSizeOf,
  resizePositions,
  toTimmNames,
  VIT_ARCHITECTURES,
  type VitName,
  vit,
} from '../src/index.ts';

const { small, table, cases, resized } = readVitGolden(join(import.meta.dirname, 'golden/vit.json'));
const depthTwo = cases.filter(({ stride }) => stride === 1);
beforeAll(useTestBackend);

function loaded({ architecture, size, options, shapes, dim, resize }: VitCase): Backbone {
  const row = VIT_ARCHITECTURES[architecture as VitName];
  const shrunk = { ...row, ...small, ...(row.projection && { projection: dim }) };
  const backbone = vit(shrunk, { seed: 0, pictureSize: size, ...options });
  const arrays = toTimmNames(vitArrays(shapes));
  loadWeights(backbone, resize ? resizePositions(arrays, { pictureSize: size, ...resize }) : arrays);
  return backbone;
}

const pictures = ({ size }: VitCase): tf.Tensor4D => tf.tensor4d(vitPictures(size), [2, ...size, 3]);

it('the table is timm’s', () => {
  expect(JSON.parse(JSON.stringify(VIT_ARCHITECTURES))).toEqual(table);
});

describe('features', () => {
  it.each(depthTwo)('of $name', (given) => {
    const backbone = loaded(given);
    expect(backbone.featureDim).toBe(given.dim);
    for (const training of [false, true]) {
      const features = tf.tidy(() => backbone.features(pictures(given), { training }).dataSync());
      // Float32 sums of up to 768 products in another order, ten one behind the other.
      toBeCloseTo(features, given.features, { relative: 1e-4 });
    }
    backbone.dispose();
  });
});

describe('pictures of another size than the weights', () => {
  it.each(depthTwo.filter(({ resize }) => resize))('$name, the positions resized at each call', (given) => {
    const { architecture, size, options, shapes, resize } = given;
    const arrays = toTimmNames(vitArrays(shapes));
    const how = { seed: 0, pictureSize: pictureSizeOf(arrays, small), ...options };
    const row = { ...VIT_ARCHITECTURES[architecture as VitName], ...small };
    const [backbone, fixed] = [vit(row, { ...how, resize: resize! }), vit(row, how)];
    for (const made of [backbone, fixed]) loadWeights(made, arrays);
    const features = tf.tidy(() => backbone.features(pictures(given), { training: false }).dataSync());
    toBeCloseTo(features, given.features, { relative: 1e-4 });
    // Its own size as always.
    const own = { ...given, size: [how.pictureSize, how.pictureSize] as const };
    const [one, other] = [backbone, fixed].map((made) =>
      tf.tidy(() => made.features(pictures(own), { training: false }).dataSync()),
    );
    expect(one).toEqual(other);
    expect(size).not.toEqual(own.size);
    for (const made of [backbone, fixed]) made.dispose();
  });
});

/** HWIO back to OIHW. */
const asFile = (x: tf.Tensor): tf.TypedArray => (x.rank === 4 ? tf.transpose(x, [3, 2, 0, 1]) : x).dataSync();

describe('gradients', () => {
  it.each(depthTwo.filter(({ gradients }) => gradients))('of $name', (given) => {
    const backbone = loaded(given);
    tf.tidy(() => {
      const slope = tf.tensor(vitWeight('slope', [2, given.dim]), [2, given.dim]);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.mul(backbone.features(pictures(given), { training: true }), slope)) as tf.Scalar,
        [...backbone.weights.values()],
      );
      for (const [name, variable] of backbone.weights) {
        const values = asFile(grads[variable.name]!);
        const stride = Math.max(1, Math.floor(values.length / 5));
        const sampled = values.filter((_, i) => i % stride === 0);
        toBeCloseTo(sampled, given.gradients![name]!, { relative: 1e-3, absolute: 1e-5 });
      }
    });
    backbone.dispose();
  });
});

describe('position embeddings', () => {
  it.each(resized)('of a grid of $side by $side for $to, $how', ({ side, to, before, how, values }) => {
    const shape = [1, side * side + before, 2];
    const arrays = new Map([
      ['pos_embed', { shape, data: vitWeight('positions', shape) }],
      ['patch_embed.proj.weight', { shape: [2, 3, 1, 1], data: new Float32Array(6) }],
    ]);
    const found = resizePositions(arrays, { pictureSize: to, ...how }).get('pos_embed')!;
    expect(found.shape).toEqual([1, to[0] * to[1] + before, 2]);
    toBeCloseTo(found.data as Float32Array, values, { relative: 1e-6 });
  });
});
