/** Fifty steps of training: the losses of PyTorch's from the same weights (packages/backbones/test/golden/curves.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ARCHITECTURES,
  type Backbone,
  cifarResNet,
  loadWeights,
  resNet,
  trainable,
  VIT_ARCHITECTURES,
  vit,
} from '@longtail/backbones';
import { loadEngine } from '@longtail/engine';
import { linearFrom } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { drawn, drawnStateDict, drawnWeight, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

interface Golden {
  /** Height and width of the pictures. */
  readonly size: number;
  readonly batch: number;
  readonly learningRate: number;
  /** In float64. */
  readonly losses: readonly number[];
  /** How far PyTorch's float32 has been from them so far, relative. */
  readonly noise: readonly number[];
}
const path = join(import.meta.dirname, '../../../packages/backbones/test/golden/curves.json');
const golden: Readonly<Record<string, Golden>> = JSON.parse(readFileSync(path, 'utf8'));

const [BATCHES, CLASSES] = [4, 10];
const narrow = { name: 'narrow-resnext', layers: [1, 1, 1, 1], groups: 8, widthPerGroup: 4 };
const transformer = { ...VIT_ARCHITECTURES['vit-s/16'], patch: 8, width: 48, depth: 4, heads: 3 };
const NETWORKS: Readonly<Record<string, () => Backbone>> = {
  tiny: () => cifarResNet({ depth: 8, seed: 0 }),
  'resnet-32': () => cifarResNet({ depth: 32, seed: 0 }),
  'resnet-10': () => resNet('resnet-10', { seed: 0 }),
  'narrow-resnext': () => resNet({ ...ARCHITECTURES['resnext-50'], ...narrow }, { seed: 0 }),
  'small-vit': () => vit(transformer, { seed: 0, pictureSize: 32 }),
};

/** [pictures, labels] of each batch, which are taken in turn. */
function data({ size, batch }: Golden): (readonly [tf.Tensor4D, tf.Tensor1D])[] {
  const each = batch * size * size * 3;
  const pixels = drawn('pictures', BATCHES * each, [-2, 2]);
  return Array.from({ length: BATCHES }, (_, b) => [
    tf.tensor4d(pixels.subarray(b * each, (b + 1) * each), [batch, size, size, 3]),
    tf.tensor1d(
      Int32Array.from({ length: batch }, (_, i) => ((b * batch + i) * 7) % CLASSES),
      'int32',
    ),
  ]);
}

/** The losses of as many steps, with everything freed. */
function curve(name: string, steps: number, checkpointed: readonly string[] = []): number[] {
  const { learningRate } = golden[name]!;
  const backbone = NETWORKS[name]!();
  loadWeights(backbone, drawnStateDict(backbone.weights));
  const shape: [number, number] = [CLASSES, backbone.featureDim];
  const weight = tf.tensor2d(drawnWeight('head.weight', shape), shape);
  const head = linearFrom('joint', { weight }, { trainable: true });
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 0.05 });
  const [batches, loss] = [data(golden[name]!), crossEntropy()];
  const losses = Array.from({ length: steps }, (_, step) => {
    const [images, labels] = batches[step % BATCHES]!;
    const lossOf = () =>
      loss(head.logits(backbone.features(images, { training: true, checkpointed })), labels, { epoch: 0 });
    return tf.tidy(() => optimizer.minimize(lossOf, { learningRate }).dataSync()[0]!) as never;
  });
  tf.dispose(batches.flat());
  for (const part of [optimizer, head, backbone]) part.dispose();
  return losses;
}

/**
 * Sums in another order put an activation on the other side of zero now and then (1e-5 of a loss), and each step amplifies what
 * the one before rounds: five times as much as float32 does in PyTorch itself, and 1e-4.
 */
function expectCurve(losses: readonly number[], { losses: expected, noise }: Golden): void {
  for (const [step, loss] of losses.entries())
    expect(Math.abs(loss / expected[step]! - 1), `step ${step}`).toBeLessThan(1e-4 + 5 * noise[step]!);
}

describe('the loss of training', () => {
  it('is that of PyTorch on the cpu backend of tfjs', async () => {
    await loadEngine({ backend: 'wasm' }); // with the gradients of everything
    await tf.setBackend('cpu');
    expectCurve(curve('tiny', 12), golden.tiny!);
  });

  describe.skipIf(!torchLibrary())('on libtorch', () => {
    it.each(Object.keys(golden))(
      'is that of PyTorch in 50 steps of %s',
      async (name) => {
        await loadEngine({ backend: 'torch', device: 'cpu' });
        const before = tf.memory().numTensors;
        expectCurve(curve(name, 50), golden[name]!);
        expect(tf.memory().numTensors).toBe(before);
      },
      300_000,
    );

    it.each([
      ['narrow-resnext', ['stem', 'layer1', 'layer3']],
      ['small-vit', ['embed', 'block0', 'block2', 'head']],
    ])('stays that where stages of %s run again in the backward pass', async (name, again) => {
      await loadEngine({ backend: 'torch', device: 'cpu' });
      expectCurve(curve(name, 8, again), golden[name]!);
    });
  });
});
