import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, random } from '@longtail/core';
import { maxDifference } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConformalOptions, conformal, estimatePrior, estimatePriorByConfusion } from '../src/index.ts';

beforeAll(useTestBackend);

const C = 6;
const counts = [400, 200, 100, 50, 20, 10];
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/label_shift.json'), 'utf8')) as {
  mlls: number[];
  bbse: number[];
  conformal: { score: 'pas'; threshold: 'marginal'; thresholds: (number | null)[]; sizes: number[] }[];
};

/** The formula of golden/label_shift.py. */
function rows(n: number, offset: number): tf.Tensor2D {
  const values = Array.from({ length: n }, (_, i) => {
    const powers = Array.from({ length: C }, (_, c) =>
      Math.exp(3 * Math.sin(1.7 * i + 2.3 * c + 0.13 * i * c + offset)),
    );
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((value) => value / sum);
  });
  return tf.tensor2d(values);
}
const labelsOf = (p: tf.Tensor2D): number[] =>
  Array.from(
    tf.tidy(() => tf.argMax(p, 1).dataSync()),
    (likeliest, i) => (i % 4 === 0 ? (i / 4) % C : likeliest),
  );

describe('the prior of unlabelled rows', () => {
  it('is what NumPy finds, by likelihood and by confusion', () => {
    const [test, held] = [rows(300, 0.5), rows(240, 0)];
    // probabilities in float32 here and there; EM ends where it moves less than 1e-6
    expect(maxDifference(estimatePrior(test, counts).prior, golden.mlls)).toBeLessThan(2e-6);
    const by = estimatePriorByConfusion(test, { probabilities: held, labels: labelsOf(held) });
    expect(maxDifference(by.prior, golden.bbse)).toBeLessThan(1e-5);
    tf.dispose([test, held]);
  });

  it('is found again where it is known, within its own noise, and says when nothing has shifted', () => {
    const generator = random(3);
    // two classes at +-1 with deviation 1: p = sigmoid(2 x + log odds) is calibrated
    const sample = (n: number, share: number) =>
      tf.tensor2d(
        Array.from({ length: n }, () => {
          const x = (generator.uniform() < share ? 1 : -1) + generator.normal();
          const p = 1 / (1 + Math.exp(-2 * x - Math.log(0.9 / 0.1)));
          return [p, 1 - p];
        }),
      );
    const [shifted, same] = [sample(4000, 0.3), sample(4000, 0.9)];
    const found = estimatePrior(shifted, [900, 100]);
    expect(Math.abs(found.prior[0]! - 0.3)).toBeLessThan(4 * found.deviations[0]!);
    expect(found.shift).toBeGreaterThan(10 * found.noise);
    const still = estimatePrior(same, [900, 100]);
    expect(still.shift).toBeLessThan(4 * still.noise);
    expect(estimatePrior(shifted, [900, 100])).toEqual(found);
    tf.dispose([shifted, same]);
  });

  it('refuses logits, other classes, and classes that nothing tells apart', () => {
    const p = rows(4, 0);
    expect(() => estimatePrior(tf.neg(p), counts)).toThrow('give probabilities, not logits');
    expect(() => estimatePrior(p, [1, 2])).toThrow(InputError);
    const flat = tf.fill([4, C], 1 / C) as tf.Tensor2D;
    expect(() => estimatePriorByConfusion(p, { probabilities: flat, labels: [0, 1, 2, 3] })).toThrow(
      'singular',
    );
  });
});

describe('conformal sets', () => {
  it.each(golden.conformal)(
    'by $score, $threshold, are those of NumPy',
    ({ score, threshold, ...wanted }) => {
      const [test, held] = [rows(300, 0.5), rows(240, 0)];
      const made = conformal(held, labelsOf(held), { score, threshold, counts, mix: 0.3 });
      const scale = score === 'pas' ? 100 : 1;
      made.thresholds.forEach((q, c) => {
        const expected = wanted.thresholds[c] ?? Number.POSITIVE_INFINITY;
        expect(q === expected || Math.abs(q - expected) < 1e-6 * scale).toBe(true);
      });
      const sizes = made.sets(test).map(({ length }) => length);
      // a score on the threshold falls to either side by float32
      expect(sizes.filter((size, i) => size !== wanted.sizes[i]).length).toBeLessThanOrEqual(2);
      tf.dispose([test, held]);
    },
  );

  it.each<ConformalOptions>([
    { score: 'standard' },
    { score: 'aps' },
    { score: 'pas', counts: [6, 3, 1] },
    { threshold: 'classwise' },
    { threshold: 'clustered' },
  ])('hold the right class as often as was asked: %o', (how) => {
    const generator = random(1);
    // whatever the probabilities: these are wrong ones, of the right order
    const sample = (n: number) => {
      const labels = Int32Array.from(
        { length: n },
        () => [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][generator.integer(10)]!,
      );
      const values = Array.from(labels, (y) => {
        const z = [0, 1, 2].map((c) => Math.exp((c === y ? 1 : 0) + generator.normal()));
        return z.map((v) => v / z.reduce((a, b) => a + b));
      });
      return { labels, p: tf.tensor2d(values) };
    };
    const [held, test] = [sample(3000), sample(5000)];
    const { sets } = conformal(held.p, held.labels, { alpha: 0.2, ...how });
    const covered = sets(test.p).filter((set, i) => set.includes(test.labels[i]!)).length / 5000;
    // one standard deviation of both samples together is 0.009
    expect(covered).toBeGreaterThan(0.8 - 0.03);
    expect(covered).toBeLessThan(0.8 + 0.03);
    tf.dispose([held.p, test.p]);
  });

  it('of no more than all classes, and never one of prior 0', () => {
    // as float32, they sum to a little more than 1
    const p = tf.tensor2d([[0.7, 0.2, 0.1], [0.7, 0.1, 0.2]].map((row) => row.map((v) => v * (1 + 1e-7)))); // biome-ignore format: rows
    const { thresholds, sets } = conformal(p, [2, 1], { score: 'aps', alpha: 0.4 });
    expect(thresholds[0]).toBe(1);
    expect(sets(tf.tensor2d([[0.5, 0.5, 0.0000002]]))[0]).toHaveLength(3);
    const never = conformal(p, [0, 1], { score: 'pas', counts: [3, 1, 0], threshold: 'classwise' });
    expect([...never.sets(p)[0]!]).toEqual([0, 1]);
  });

  it('put a class of too few rows into every set, and the likeliest class first', () => {
    const p = tf.tensor2d([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]); // biome-ignore format: rows
    const { thresholds, sets } = conformal(p, [0, 1, 0], { threshold: 'classwise', alpha: 0.4 });
    expect(thresholds[2]).toBe(Number.POSITIVE_INFINITY);
    expect(sets(p).every((set) => set.includes(2))).toBe(true);
    expect(() => conformal(p, [0, 1, 0], { score: 'pas' })).toThrow('needs the class counts');
    expect(() => sets(tf.zeros([1, 2]))).toThrow('of 3 classes, but they are of 2');
  });
});
