import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../src/index.ts';
import { describeLoss } from '../src/testing.ts';

beforeAll(() => tf.setBackend('cpu'));
describeLoss('cross-entropy', () => crossEntropy());

describe('cross-entropy', () => {
  it('and its gradient are those of PyTorch (golden/cross_entropy.py)', () => {
    const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/cross_entropy.json'), 'utf8'));
    for (const { logits, labels, loss, gradient } of golden) {
      const { value, grad } = tf.valueAndGrad((z) =>
        crossEntropy()(z as tf.Tensor2D, tf.tensor1d(labels, 'int32'), { epoch: 0 }),
      )(tf.tensor2d(logits));
      // float32 on both sides, sums of at most 12 terms
      expect(value.dataSync()[0]).toBeCloseTo(loss, 5);
      toBeCloseTo(grad.dataSync(), gradient.flat(), { absolute: 1e-6, relative: 1e-5 });
    }
  });
});
