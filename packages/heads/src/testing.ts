/** The conformance suite of heads: run it on one of your own, with vitest. */
import { random } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { classifier } from './classifier.ts';
import { decodeClassifier, encodeClassifier } from './classifier-file.ts';
import { type FeatureBatches, formOf, type Head } from './head.ts';
import { isForm } from './head-file.ts';

/** A small learnable problem: three classes around three corners, [60, 4]. */
export interface Sample {
  readonly features: tf.Tensor2D;
  readonly labels: Int32Array;
  readonly numClasses: number;
  /** Two batches an epoch. */
  readonly batches: FeatureBatches;
}

function sample(): Sample {
  const generator = random(0, 'describeHead');
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const rows = Array.from(labels, (c) =>
    [0, 1, 2, 3].map((d) => (d === c ? 3 : 0) + 0.3 * generator.normal()),
  );
  return {
    features: tf.tensor2d(rows),
    labels,
    numClasses: 3,
    *batches() {
      for (const start of [0, 30])
        yield {
          features: tf.tensor2d(rows.slice(start, start + 30)),
          labels: tf.tensor1d(labels.slice(start, start + 30), 'int32'),
        };
    },
  };
}

/**
 * @param make a head for the sample, trained or computed; the same one each time
 * @example
 * describeHead('ncm', ({ features, labels, numClasses }) => ncm(features, labels, { numClasses }));
 */
export function describeHead(name: string, make: (sample: Sample) => Head | Promise<Head>): void {
  describe(`head ${name}`, () => {
    it('gives a finite score a class, row by row, and tells three corners apart', async () => {
      const data = sample();
      const head = await make(data);
      expect([head.numClasses, head.featureDim]).toEqual([3, 4]);
      const logits = head.logits(data.features);
      expect(logits.shape).toEqual([60, 3]);
      const whole = logits.dataSync();
      for (const value of whole) expect(Number.isFinite(value)).toBe(true);
      const row = tf.tidy(() => head.logits(tf.slice(data.features, [7, 0], [1, 4])).dataSync());
      row.forEach((value, c) => expect(value).toBeCloseTo(whole[21 + c]!, 4));
      const right = tf.tidy(() => tf.argMax(logits, 1).dataSync()).filter((c, i) => c === data.labels[i]);
      expect(right.length).toBeGreaterThanOrEqual(57);
    });

    it('is the same head each time, and lists what is trainable among its weights', async () => {
      const data = sample();
      const [first, second] = [await make(data), await make(data)];
      for (const [key, value] of first.weights)
        expect(second.weights.get(key)!.dataSync()).toEqual(value.dataSync());
      for (const variable of first.trainable) expect([...first.weights.values()]).toContain(variable);
    });

    it('is linear where it says so', async (context) => {
      const data = sample();
      const head = await make(data);
      if (!head.isLinear) context.skip('it does not say so');
      const [weight, bias] = [head.weights.get('weight')!, head.weights.get('bias') ?? tf.scalar(0)];
      const expected = tf.add(tf.matMul(data.features, weight as tf.Tensor2D, false, true), bias).dataSync();
      head
        .logits(data.features)
        .dataSync()
        .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    });

    it('comes back from its file, with the same scores to the bit', async (context) => {
      const data = sample();
      const head = await make(data);
      if (!isForm(formOf(head))) context.skip('it has no form that a file holds');
      const made = classifier({ head, counts: [20, 20, 20] });
      const read = decodeClassifier(encodeClassifier(made));
      expect(read.head.name).toBe(head.name);
      expect(read.logits(data.features).dataSync()).toEqual(made.logits(data.features).dataSync());
    });

    it('refuses features that are no tensor, or of another width, in a sentence', async () => {
      const data = sample();
      const head = await make(data);
      for (const features of [[[1, 2, 3, 4]], tf.zeros([4]), tf.zeros([2, 3])])
        expect(() => head.logits(features as tf.Tensor2D)).toThrow(/features.*\.$/);
    });

    it('leaves no tensor behind', async () => {
      const data = sample();
      const before = tf.memory().numTensors;
      const head = await make(data);
      head.logits(data.features).dispose();
      head.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
