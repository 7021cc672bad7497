/** Vision transformers on libtorch: the features and gradients of PyTorch's libraries from the same weights. */
import { join } from 'node:path';
import {
  type Backbone,
  loadWeights,
  resizePositions,
  toTimmNames,
  VIT_ARCHITECTURES,
  type VitName,
  vit,
} from '@longtail/backbones';
import { loadEngine } from '@longtail/engine';
import {
  readVitGolden,
  toBeCloseTo,
  torchLibrary,
  type VitCase,
  vitArrays,
  vitPictures,
  vitWeight,
} from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const golden = join(import.meta.dirname, '../../../packages/backbones/test/golden/vit.json');
const { small, cases } = readVitGolden(golden);

/** Filters OIHW. */
const fileShapes = ({ weights }: Backbone): Record<string, readonly number[]> =>
  Object.fromEntries(
    [...weights].map(([name, { shape }]) => [
      name,
      shape.length === 4 ? [3, 2, 0, 1].map((axis) => shape[axis]!) : shape,
    ]),
  );

/** In the small architecture, but for the whole one, whose names are ours. */
function loaded({ architecture, size, options, shapes, dim, resize, stride }: VitCase): Backbone {
  const row = VIT_ARCHITECTURES[architecture as VitName];
  const shrunk = stride === 1 ? { ...row, ...small, ...(row.projection && { projection: dim }) } : row;
  const backbone = vit(shrunk, { seed: 0, pictureSize: size, ...options });
  const arrays = toTimmNames(vitArrays(stride === 1 ? shapes : fileShapes(backbone)));
  loadWeights(backbone, resize ? resizePositions(arrays, { pictureSize: size, ...resize }) : arrays);
  return backbone;
}

const pictures = ({ size }: VitCase): tf.Tensor4D => tf.tensor4d(vitPictures(size), [2, ...size, 3]);

describe.skipIf(!torchLibrary())('vision transformers on libtorch', () => {
  beforeAll(async () => void (await loadEngine({ backend: 'torch' })));

  it.each(cases)('features of $name', (given) => {
    const backbone = loaded(given);
    expect(backbone.featureDim).toBe(given.dim);
    const held = tf.memory().numTensors;
    const features = tf.tidy(() => backbone.features(pictures(given), { training: false }).dataSync());
    const sampled = features.filter((_, i) => i % given.stride === 0);
    // Float32 sums of up to 3072 products in another order, up to fifty one behind the other.
    toBeCloseTo(sampled, given.features, { relative: 1e-4 });
    expect(tf.memory().numTensors).toBe(held);
    backbone.dispose();
  });

  it.each(cases.filter(({ gradients }) => gradients))('gradients of $name', (given) => {
    const backbone = loaded(given);
    tf.tidy(() => {
      const slope = tf.tensor(vitWeight('slope', [2, given.dim]), [2, given.dim]);
      const loss = () =>
        tf.sum(tf.mul(backbone.features(pictures(given), { training: true }), slope)) as tf.Scalar;
      const { grads } = tf.variableGrads(loss, [...backbone.weights.values()]);
      for (const [name, variable] of backbone.weights) {
        const gradient = grads[variable.name]!;
        const values = (gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient).dataSync();
        const stride = Math.max(1, Math.floor(values.length / 5));
        const sampled = values.filter((_, i) => i % stride === 0);
        toBeCloseTo(sampled, given.gradients![name]!, { relative: 1e-3, absolute: 1e-5 });
      }
    });
    backbone.dispose();
  });
});
