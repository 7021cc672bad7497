/** Stages that run again in the backward pass: the same numbers in less memory. */
import '@tensorflow/tfjs';
import { normal } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHITECTURES,
  type Architecture,
  type Backbone,
  cifarResNet,
  type FeatureOptions,
  resNet,
  trainable,
} from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const small = (how: Architecture): Architecture => ({ ...how, width: 4, layers: [2, 1] });
const { 'resnet-18': basic, 'resnet-50': bottleneck } = ARCHITECTURES;
const { 'bbn-resnet-32': bbn, 'wide-resnet-28-2': wide } = ARCHITECTURES;
const stagesOf = (backbone: Backbone): string[] => backbone.stages.map((stage) => stage.name);
const pictures = (): tf.Tensor4D => normal([2, 16, 12, 3], { seed: 7 }) as tf.Tensor4D;

/** Every number that a pass forward and backward gives or moves. */
function outcome(how: Architecture, options: (backbone: Backbone) => FeatureOptions): number[][] {
  const backbone = resNet(how, { seed: 1 });
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
  it.each([small(basic), small(bottleneck), small(wide)])(
    'of $name: value, gradients and statistics to the bit, whatever else is asked for',
    (how) => {
      const before = tf.memory().numTensors;
      for (const options of [{ training: true }, { training: true, frozen: ['stem'] }, { training: false }]) {
        const plain = outcome(how, () => options);
        expect(outcome(how, (backbone) => ({ ...options, checkpointed: stagesOf(backbone) }))).toEqual(plain);
        expect(outcome(how, () => ({ ...options, checkpointed: ['stem'] }))).toEqual(plain);
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('side by side: the map that both see has a gradient of four terms, summed in another order', () => {
    const plain = outcome(small(bbn), () => ({ training: true }));
    const again = outcome(small(bbn), (backbone) => ({ training: true, checkpointed: stagesOf(backbone) }));
    for (const [i, numbers] of again.entries()) toBeCloseTo(numbers, plain[i]!, { relative: 1e-5 });
  });

  it('take less memory in a step', async () => {
    const peak = async (choose: (backbone: Backbone) => string[]): Promise<number> => {
      const backbone = cifarResNet({ depth: 32, width: 4, seed: 1 });
      const optimizer = sgd(trainable(backbone));
      const images = tf.tidy(() => tf.tile(pictures(), [2, 1, 1, 1]));
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
    expect(few).toBeLessThan(0.7 * all); // with the gradients of all weights, which are the same
  });

  it('are named as they are, before any statistic moves', () => {
    const backbone = resNet(small(basic), { seed: 1 });
    const refused = () => backbone.features(pictures(), { training: true, checkpointed: ['layer9'] });
    expect(refused).toThrow('resnet-18 has the stages stem, layer1, layer2, but "layer9" was named.');
    backbone.dispose();
  });
});
