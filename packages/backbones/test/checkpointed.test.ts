/** Stages that run again in the backward pass: the same numbers in less memory. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHITECTURES,
  type Architecture,
  type Backbone,
  cifarResNet,
  type FeatureOptions,
  resNet,
  saveWeights,
  trainable,
  VIT_ARCHITECTURES,
  vit,
} from '../src/index.ts';

beforeAll(useTestBackend);

const small = (how: Architecture): Architecture => ({ ...how, width: 4, layers: [2, 1] });
const transformer = (depth: number): Backbone =>
  vit(
    {
      ...VIT_ARCHITECTURES['dinov2-vit-s/14-registers'],
      ...{ patch: 4, width: 12, heads: 3, depth, preNorm: true, projection: 5 },
    },
    { seed: 1, pictureSize: [16, 12] },
  );
const { 'resnet-18': basic, 'resnet-50': bottleneck } = ARCHITECTURES;
const { 'bbn-resnet-32': bbn, 'wide-resnet-28-2': wide } = ARCHITECTURES;
const stagesOf = (backbone: Backbone): string[] => backbone.stages.map((stage) => stage.name);
const pictures = (): tf.Tensor4D => normal([2, 16, 12, 3], { seed: 7 }) as tf.Tensor4D;

/** Every number that a pass forward and backward gives or moves. */
function outcome(make: () => Backbone, options: (backbone: Backbone) => FeatureOptions): number[][] {
  const backbone = make();
  const found = tf.tidy(() => {
    const images = pictures();
    const variables = trainable(backbone);
    const { value, grads } = tf.variableGrads(() => {
      const features = backbone.features(images, options(backbone));
      return tf.sum(tf.mul(features, normal(features.shape, { seed: 8 })));
    }, variables);
    return [value, ...variables.map(({ name }) => grads[name]!), ...backbone.weights.values()];
  });
  const numbers = found.map((tensor) => [...tensor.dataSync()]);
  tf.dispose(found);
  backbone.dispose();
  return numbers;
}

describe('checkpointed stages', () => {
  it.each([
    ...[small(basic), small(bottleneck), small(wide)].map((how) => ({
      name: how.name,
      make: () => resNet(how, { seed: 1 }),
      first: 'stem',
    })),
    { name: 'a transformer', make: () => transformer(3), first: 'embed' },
  ])(
    'of $name: value, gradients and statistics to the bit, whatever else is asked for',
    ({ make, first }) => {
      const before = tf.memory().numTensors;
      for (const options of [{ training: true }, { training: true, frozen: [first] }, { training: false }]) {
        const plain = outcome(make, () => options);
        expect(outcome(make, (backbone) => ({ ...options, checkpointed: stagesOf(backbone) }))).toEqual(
          plain,
        );
        expect(outcome(make, () => ({ ...options, checkpointed: [first] }))).toEqual(plain);
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('side by side: the map that both see has a gradient of four terms, summed in another order', () => {
    const make = () => resNet(small(bbn), { seed: 1 });
    const plain = outcome(make, () => ({ training: true }));
    const again = outcome(make, (backbone) => ({ training: true, checkpointed: stagesOf(backbone) }));
    for (const [i, numbers] of again.entries()) toBeCloseTo(numbers, plain[i]!, { relative: 1e-5 });
  });

  it.each([
    // With the gradients of all weights, which are the same.
    ['a residual network', () => cifarResNet({ depth: 32, width: 4, seed: 1 }), 0.7],
    ['a transformer', () => transformer(8), 0.5],
  ])('take less memory in a step of %s', async (_, make, share) => {
    const peak = async (choose: (backbone: Backbone) => string[]): Promise<number> => {
      const backbone = make();
      const optimizer = sgd(trainable(backbone));
      const images = tf.tidy(() => tf.tile(pictures(), [4, 1, 1, 1]));
      const options = { training: true, checkpointed: choose(backbone) };
      const loss = () => tf.mean(backbone.features(images, options)) as tf.Scalar;
      const { numBytes } = tf.memory();
      const { peakBytes } = await tf.profile(() => optimizer.minimize(loss, { learningRate: 0.1 }));
      tf.dispose(images);
      optimizer.dispose();
      backbone.dispose();
      return peakBytes - numBytes;
    };
    const [all, few] = [await peak(() => []), await peak(stagesOf)];
    expect(few).toBeLessThan(share * all);
  });

  it.each([
    ['resnet-18', () => resNet(small(basic), { seed: 1 }), 'stem, layer1, layer2'],
    ['vit', () => transformer(2), 'embed, block0, block1, head'],
  ])('of %s are named as they are, before any statistic moves', (name, make, stages) => {
    const backbone = make();
    const before = saveWeights(backbone);
    const images = pictures();
    const { numTensors } = tf.memory();
    const refused = () => backbone.features(images, { training: true, checkpointed: ['layer9'] });
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(`${name} has the stages ${stages}, but "layer9" was named.`);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(saveWeights(backbone)).toEqual(before);
    tf.dispose([images, backbone.features(images, { training: true })]);
    backbone.dispose();
  });
});
