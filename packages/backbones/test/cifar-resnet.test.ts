import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, InputError } from '@longtail/core';
import { decodeSafetensors } from '@longtail/formats';
import { sharedOrSkip, toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifarResNet, loadWeights, saveWeights, trainable } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));
const images = (n: number): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: n * 32 * 32 * 3 }, (_, i) => Math.sin(i)),
    [n, 32, 32, 3],
  );

describe('cifarResNet', () => {
  it('of depth 32 has 0.46 M weights, in four stages', () => {
    const backbone = cifarResNet({ depth: 32, seed: 0 });
    const count = trainable(backbone).reduce((sum, variable) => sum + variable.size, 0);
    // 464,154 with LDAM's linear head of 650
    expect(count).toBe(464_154 - 650);
    expect(backbone.stages.map((stage) => stage.name)).toEqual(['stem', 'layer1', 'layer2', 'layer3']);
    expect(trainable(backbone, { stages: ['layer3'] }).length).toBe(5 * 6);
    backbone.dispose();
  });

  it('computes what PyTorch computes with published weights (golden/resnet32_features.py)', (context) => {
    const path = sharedOrSkip(context, 'data/weights/imbalanced-DL_cifar10_exp_0.01_ERM.safetensors');
    const golden = JSON.parse(
      readFileSync(join(import.meta.dirname, 'golden/resnet32_features.json'), 'utf8'),
    );
    const backbone = cifarResNet({ seed: 1 });
    loadWeights(backbone, decodeSafetensors(readFileSync(path)).arrays, { prefix: 'backbone.' });
    const features = tf.tidy(() => backbone.features(images(2), { training: false }).dataSync());
    // 31 layers of float32 sums of up to 576 products, in another order
    toBeCloseTo(features, golden.features.flat(), { relative: 1e-4 });
    backbone.dispose();
  });

  it('gives back the weights that were loaded, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const [first, second] = [cifarResNet({ depth: 8, seed: 0 }), cifarResNet({ depth: 8, seed: 1 })];
    const saved = saveWeights(first);
    expect(saved.get('layer2.0.conv1.weight')?.shape).toEqual([32, 16, 3, 3]);
    loadWeights(second, saved);
    expect(saveWeights(second)).toEqual(saved);
    tf.tidy(() => {
      expect(second.features(images(1), { training: false }).shape).toEqual([1, 64]);
      expect(second.features(images(2), { training: true }).shape).toEqual([2, 64]);
    });
    first.dispose();
    second.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('starts from its seed', () => {
    const of = (seed: number) => {
      const backbone = cifarResNet({ depth: 8, seed });
      const values = saveWeights(backbone).get('layer1.0.conv1.weight')!.data as Float32Array;
      backbone.dispose();
      return values;
    };
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
    const values = of(3);
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.abs(variance / (2 / 144) - 1)).toBeLessThan(0.12); // four standard errors of 2304 normals' variance
  });

  it('names a wrong depth, and a weight that is missing or of another shape', () => {
    expect(() => cifarResNet({ depth: 18, seed: 0 })).toThrow(InputError);
    const backbone = cifarResNet({ depth: 8, seed: 0 });
    const saved = saveWeights(backbone);
    saved.delete('bn1.bias');
    expect(() => loadWeights(backbone, saved)).toThrow(
      'needs the float32 weight "bn1.bias", but the file has none',
    );
    saved.set('bn1.bias', { shape: [3], data: new Float32Array(3) });
    expect(() => loadWeights(backbone, saved)).toThrow(DataError);
    backbone.dispose();
  });
});
