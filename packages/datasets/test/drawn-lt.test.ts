import { createHash } from 'node:crypto';
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { type Dataset, DRAWN_STATISTICS, drawnLT, type Picture } from '../src/index.ts';

const small = { largest: 20, imbalanceFactor: 10, validationPerClass: 1, testPerClass: 5 };
const pixels = (set: Dataset): Uint8Array[] =>
  Array.from({ length: set.length }, (_, i) => (set.read(i) as Picture).data);
const hash = (set: Dataset): string =>
  pixels(set)
    .reduce((sum, data) => sum.update(data), createHash('sha256'))
    .digest('hex');

describe('drawnLT', () => {
  it('has 36 classes of 500 .. 5 pictures, and balanced validation and test sets', () => {
    const { train, validation, test } = drawnLT({ seed: 0, testPerClass: 1 });
    const counts = train.classNames.map((_, c) => train.labels.filter((label) => label === c).length);
    expect([train.length, validation.length, test.length]).toEqual([4004, 720, 36]);
    expect([counts[0], counts[1], counts[35]]).toEqual([500, 438, 5]);
    expect(new Set(train.classNames).size).toBe(36);
    expect(test.read(0)).toMatchObject({ height: 32, width: 32, channels: 3 });
    const sums = pixels(train).map((data) =>
      [0, 1, 2].map((k) => data.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / 1024 / 255),
    );
    for (const k of [0, 1, 2]) {
      const mean = sums.reduce((a, sum) => a + sum[k]!, 0) / sums.length;
      expect(Math.abs(mean - DRAWN_STATISTICS.mean[k]!)).toBeLessThan(0.02);
    }
  });

  it('is the same bytes for a seed, other bytes for another', () => {
    expect(hash(drawnLT({ seed: 0, ...small }).test)).toBe(hash(drawnLT({ seed: 0, ...small }).test));
    // On any platform; a change of how pictures are drawn must change it on purpose.
    expect(hash(drawnLT({ seed: 0, ...small }).test)).toBe(
      '0c5eb4d07f427d51b227bf914c282fb923ec76c8956e70eeacc2092c3632f9ec',
    );
    expect(drawnLT({ seed: 1, ...small }).train.classNames).not.toEqual(
      drawnLT({ seed: 0, ...small }).train.classNames,
    );
  });

  it('keeps a picture whatever the counts are, and shares none between splits', () => {
    const [few, more] = [drawnLT({ seed: 3, ...small }), drawnLT({ seed: 3, ...small, largest: 40 })];
    const first = (set: Dataset, c: number) => (set.read(set.labels.indexOf(c)) as Picture).data;
    for (const c of [0, 10, 35]) expect(first(few.train, c)).toEqual(first(more.train, c));
    expect(first(few.train, 0)).not.toEqual(first(few.test, 0));
    expect(first(few.validation, 0)).not.toEqual(first(few.test, 0));
  });

  it('cannot be told by pixels: the nearest class mean of raw pictures is right for under 10 % (chance: 2.8 %)', () => {
    const { train, test } = drawnLT({
      seed: 0,
      largest: 60,
      imbalanceFactor: 1,
      testPerClass: 20,
      validationPerClass: 1,
    });
    const means = train.classNames.map(() => new Float64Array(3072));
    pixels(train).forEach((data, i) =>
      data.forEach((value, k) => (means[train.labels[i]!]![k]! += value / 60)),
    );
    const distance = (data: Uint8Array, mean: Float64Array) =>
      data.reduce((sum, value, k) => sum + (value - mean[k]!) ** 2, 0);
    const right = pixels(test).filter((data, i) => {
      const distances = means.map((mean) => distance(data, mean));
      return distances.indexOf(Math.min(...distances)) === test.labels[i];
    });
    expect(right.length / test.length).toBeLessThan(0.1);
    console.info(`nearest mean of raw pixels: ${right.length} of ${test.length}`);
  });

  it('refuses counts below 1', () => {
    expect(() => drawnLT({ seed: 0, testPerClass: 0 })).toThrow(InputError);
    expect(() => drawnLT({ seed: 0, imbalanceFactor: 0.5 })).toThrow(InputError);
    expect(() => drawnLT({ seed: 0.5 })).toThrow(InputError);
  });
});
