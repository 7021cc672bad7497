import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { decodeSafetensors } from '@longtail/formats';
import {
  drawn,
  drawnStateDict,
  type Sample,
  sharedOrSkip,
  toBeCloseTo,
  toMatchSample,
} from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHITECTURES,
  type ArchitectureName,
  cifarResNet,
  loadWeights,
  resNet,
  saveWeights,
  trainable,
  wideResNet,
} from '../src/index.ts';

beforeAll(useTestBackend);

const json = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'golden', name), 'utf8'));
const pictures = (height: number, width: number): tf.Tensor4D =>
  tf.tensor4d(drawn('pictures', 2 * height * width * 3, [-2, 2]), [2, height, width, 3]);

describe('residual networks', () => {
  it('are named, and their stages count', () => {
    expect(Object.keys(ARCHITECTURES).length).toBe(20);
    const backbone = resNet('resnet-10', { seed: 0 });
    expect([backbone.name, backbone.featureDim]).toEqual(['resnet-10', 512]);
    const names = ['stem', 'layer1', 'layer2', 'layer3', 'layer4'];
    expect(backbone.stages.map((stage) => stage.name)).toEqual(names);
    expect(trainable(backbone, { stages: ['layer4'] }).length).toBe(3 * 3);
    expect(backbone.stages[4]!.statistics.length).toBe(3 * 2);
    expect(() => resNet('resnet-12' as ArchitectureName, { seed: 0 })).toThrow(
      /"resnet-12".*|resnet-10, resnet-18/,
    );
    expect(() => resNet('constructor' as ArchitectureName, { seed: 0 })).toThrow(InputError);
    const odd = { ...ARCHITECTURES['resnet-10'], layers: [1, 0] };
    expect(() => resNet(odd, { seed: 0 })).toThrow(
      'layers[1] must be an integer from 1 to 65536, but it is 0.',
    );
    backbone.dispose();
  });

  // All of them on libtorch: apps/benchmark/test/backbones.test.ts.
  it.each<[ArchitectureName, 'inference' | 'training' | 'odd']>([
    ['cifar-resnet-20', 'inference'],
    ['cifar-resnet-20', 'training'],
    ['bbn-resnet-32', 'inference'],
    ['wide-resnet-28-2', 'inference'],
    ['resnet-18', 'odd'],
  ])('%s computes what PyTorch computes, %s (golden/resnets.py)', (name, mode) => {
    const golden = json('resnets.json')[name] as Record<typeof mode, Sample> & { size: number };
    const backbone = resNet(name, { seed: 0 });
    loadWeights(backbone, drawnStateDict(backbone.weights));
    const images = mode === 'odd' ? pictures(75, 61) : pictures(golden.size, golden.size);
    const features = backbone.features(images, { training: mode === 'training' });
    // Up to 31 layers of float32 sums of up to 4608 products, in another order.
    toMatchSample(features.dataSync(), golden[mode], 1e-4);
    tf.dispose([images, features]);
    backbone.dispose();
  });

  it('begin as their own code begins them: normal, by fan out or, of CIFAR, by fan in', () => {
    const deviation = (name: ArchitectureName, key: string): number => {
      const backbone = resNet(name, { seed: 3 });
      const values = backbone.weights.get(key)!.dataSync<'float32'>() as Float32Array;
      backbone.dispose();
      return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
    };
    // 64 * 128 * 9 and 16 * 32 * 9 normals: four standard errors of their deviation.
    expect(deviation('resnet-10', 'layer2.0.conv1.weight') / Math.sqrt(2 / (9 * 128))).toBeCloseTo(1, 1.9);
    expect(
      Math.abs(deviation('cifar-resnet-20', 'layer2.0.conv1.weight') / Math.sqrt(2 / 144) - 1),
    ).toBeLessThan(0.042);
  });

  it('refuse pictures they cannot see, in one sentence', () => {
    const backbone = resNet({ ...ARCHITECTURES['resnet-10'], width: 8 }, { seed: 0 });
    const refusal = (shape: [number, number, number, number]) => () =>
      backbone.features(tf.zeros(shape), { training: false });
    expect(refusal([1, 3, 32, 32])).toThrow('but they are [1,3,32,32]; put the channels last.');
    expect(refusal([1, 6, 9, 3])).toThrow('H and W >= 7, but they are 6 x 9.');
    expect(refusal([0, 32, 32, 3])).toThrow('but the batch is empty.');
    expect(backbone.features(tf.zeros([1, 7, 9, 3]), { training: false }).shape).toEqual([1, 64]);
    // A single place of a single picture has no variance: of layer4, after the statistics of the others would have moved.
    const one = () => tf.randomUniform<tf.Rank.R4>([1, 32, 24, 3]);
    const before = saveWeights(backbone);
    expect(() => backbone.features(one(), { training: true })).toThrow(
      /layer4 sees a single value.* 32 x 24/,
    );
    expect(saveWeights(backbone)).toEqual(before);
    expect(backbone.features(one(), { training: true, frozen: ['layer4'] }).shape).toEqual([1, 64]);
    expect(backbone.features(tf.randomUniform([1, 33, 24, 3]), { training: true }).shape).toEqual([1, 64]);
    backbone.dispose();
  });
});

describe('the networks of CIFAR', () => {
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
    const backbone = cifarResNet({ seed: 1 });
    const { rest } = loadWeights(backbone, decodeSafetensors(readFileSync(path)).arrays);
    expect([...rest.keys()]).toEqual(['classifier.weight']);
    const images = tf.tensor4d(
      Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => Math.sin(i)),
      [2, 32, 32, 3],
    );
    const features = tf.tidy(() => backbone.features(images, { training: false }).dataSync());
    // 31 layers of float32 sums of up to 576 products, in another order
    toBeCloseTo(features, json('resnet32_features.json').features.flat(), { relative: 1e-4 });
    backbone.dispose();
  });

  it('names a wrong depth', () => {
    expect(() => cifarResNet({ depth: 18, seed: 0 })).toThrow('depth of 6n + 2');
    expect(() => wideResNet({ depth: 18, seed: 0 })).toThrow('depth of 6n + 4');
    expect(() => wideResNet({ widen: 1.5, seed: 0 })).toThrow(InputError);
  });

  it('lends two branches that can train apart: BBN stages', () => {
    const backbone = resNet('bbn-resnet-32', { seed: 0 });
    expect(backbone.featureDim).toBe(128);
    expect(backbone.stages.map((stage) => stage.name).slice(-2)).toEqual(['cb_block', 'rb_block']);
    expect(saveWeights(backbone).get('rb_block.conv2.weight')?.shape).toEqual([64, 64, 3, 3]);
    backbone.dispose();
  });
});
