/** mixup and remix: what is mixed, by how much, and that the labels follow. */
import '@tensorflow/tfjs';
import { random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { symmetricBeta } from '../src/beta.ts';
import { crossEntropy, mixup, remix, remixShare } from '../src/index.ts';

beforeAll(useTestBackend);

const LABELS = Int32Array.of(0, 1, 2, 0, 1, 0);
const pictures = () => normal([6, 2, 2, 1], { seed: 1 }) as tf.Tensor4D;

describe('symmetricBeta', () => {
  it.each([0.2, 1, 4])('has the mean and the variance of Beta(%f, same)', (alpha) => {
    const generator = random(0, 'beta', String(alpha));
    const drawn = Array.from({ length: 20_000 }, () => symmetricBeta(alpha, generator));
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / drawn.length;
    const expected = 1 / (4 * (2 * alpha + 1));
    // Five standard errors: sqrt(variance / 20000) of the mean; the variance's is below 1.2 of its own / sqrt(20000).
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(expected / drawn.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.06);
  });

  it('stays a number for a tiny alpha, and refuses 0', () => {
    const generator = random(0, 'tiny');
    for (let i = 0; i < 100; i++) expect(symmetricBeta(1e-4, generator)).toBeGreaterThanOrEqual(0);
    expect(() => symmetricBeta(0, generator)).toThrow('alpha must be a number above 0, but it is 0');
  });
});

describe('mixup', () => {
  it('mixes images and labels by one share, the same for a step', () => {
    const x = pictures();
    const { images, targets, share, partners } = mixup(x, LABELS, { numClasses: 3, step: 4 });
    expect([...partners].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const [pixels, mixed, soft] = [x.dataSync(), images.dataSync(), targets.arraySync()];
    const expected = mixed.map((_, place) => {
      const other = partners[place >> 2]! * 4 + (place & 3);
      return share * pixels[place]! + (1 - share) * pixels[other]!;
    });
    toBeCloseTo(mixed, expected);
    soft.forEach((row, i) => {
      const wanted = [0, 0, 0];
      wanted[LABELS[i]!]! += share;
      wanted[LABELS[partners[i]!]!]! += 1 - share;
      toBeCloseTo(row, wanted);
    });
    const again = mixup(x, LABELS, { numClasses: 3, step: 4 });
    expect(again.images.dataSync()).toEqual(mixed);
    expect(mixup(x, LABELS, { numClasses: 3, step: 5 }).share).not.toBe(share);
  });

  it('its soft targets cost what the two losses do', () => {
    const z = normal([6, 3], { seed: 2 }) as tf.Tensor2D;
    const { targets, share, partners } = mixup(pictures(), LABELS, { numClasses: 3, step: 1 });
    const loss = (labels: tf.Tensor1D | tf.Tensor2D) =>
      crossEntropy()(z, labels, { epoch: 0 }).dataSync()[0]!;
    const other = partners.map((j) => LABELS[j]!);
    const two = share * loss(tf.tensor1d(LABELS, 'int32')) + (1 - share) * loss(tf.tensor1d(other, 'int32'));
    expect(loss(targets)).toBeCloseTo(two, 5);
  });

  it('has a gradient in what is mixed, and leaves nothing but the batch', () => {
    const x = pictures();
    const before = tf.memory().numTensors;
    const weigh = normal([6, 2, 2, 1], { seed: 3 });
    const mixed = (y: tf.Tensor) => mixup(y, LABELS, { numClasses: 3, step: 2 });
    const { share, partners, ...made } = mixed(x);
    tf.dispose([made.images, made.targets]);
    const slope = tf.tidy(() => tf.grad((y) => tf.sum(tf.mul(mixed(y).images, weigh)))(x));
    const w = weigh.dataSync();
    const expected = Float32Array.from(w, (own) => share * own);
    for (const [i, j] of partners.entries())
      for (let p = 0; p < 4; p++) expected[4 * j + p]! += (1 - share) * w[4 * i + p]!;
    toBeCloseTo(slope.dataSync(), expected);
    const batch = mixed(x);
    tf.dispose([weigh, slope, batch.images, batch.targets]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses labels that do not fit, and leaves nothing behind', () => {
    const x = pictures();
    const before = tf.memory().numTensors;
    expect(() => mixup(x, [0, 1], { numClasses: 3, step: 0 })).toThrow('6 images and 2 labels');
    expect(() => mixup(x, LABELS, { numClasses: 2, step: 0 })).toThrow('labels[2] is 2');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('remix', () => {
  it.each([
    [0.3, 90, 30, 0], // frequent enough, and a small share of its image
    [0.3, 89, 30, 0.3],
    [0.5, 90, 30, 0.5], // not below tau
    [0.7, 30, 90, 1],
    [0.7, 31, 90, 0.7],
    [0.3, 30, 90, 0.3],
    [0.7, 90, 30, 0.7],
  ])('the share %f of a class of %i with one of %i is %f', (share, own, other, expected) => {
    expect(remixShare(share, { own, other })).toBe(expected);
  });

  it('is mixup where counts are alike, and by pairs where they are not', () => {
    const x = pictures();
    const alike = remix(x, LABELS, [5, 5, 5], { step: 3 });
    const plain = mixup(x, LABELS, { numClasses: 3, step: 3 });
    expect(alike.targets.dataSync()).toEqual(plain.targets.dataSync());
    expect(alike.images.dataSync()).toEqual(plain.images.dataSync());
    const counts = [300, 30, 3];
    const { targets, share, partners } = remix(x, LABELS, counts, { step: 3 });
    targets.arraySync().forEach((row, i) => {
      const [own, other] = [LABELS[i]!, LABELS[partners[i]!]!];
      const wanted = [0, 0, 0];
      const kept = remixShare(share, { own: counts[own]!, other: counts[other]! });
      wanted[own]! += kept;
      wanted[other]! += 1 - kept;
      toBeCloseTo(row, wanted);
    });
    expect(targets.dataSync()).not.toEqual(plain.targets.dataSync());
  });
});
