/** Means by class: of what they are made, and in what memory. */
import '@tensorflow/tfjs';
import { random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ncm } from '../src/index.ts';

beforeAll(useTestBackend);

/** Every class twice or more, in no order. */
function sample(rows: number, numClasses: number, featureDim: number) {
  const labels = random(0, 'ncm').shuffle(Int32Array.from({ length: rows }, (_, i) => i % numClasses));
  return { labels, features: normal([rows, featureDim], { seed: 0 }) as tf.Tensor2D };
}

describe('the means of ncm', () => {
  it('are those of each class, in float64 as well', () => {
    const [numClasses, featureDim] = [7, 5];
    const { labels, features } = sample(50, numClasses, featureDim);
    const expected = new Float64Array(numClasses * featureDim);
    const counts = labels.reduce((n, c) => n.with(c, n[c]! + 1), new Int32Array(numClasses));
    features.dataSync().forEach((value, i) => {
      const c = labels[Math.floor(i / featureDim)]!;
      expected[c * featureDim + (i % featureDim)]! += value / counts[c]!;
    });
    const head = ncm(features, labels, { numClasses, kind: 'un' });
    toBeCloseTo(head.weights.get('means')!.dataSync(), expected); // eight float32 summands
    head.dispose();
    features.dispose();
  });

  it('take the memory of a class, not of a one-hot row a label', async () => {
    const [rows, numClasses] = [1000, 500];
    const { labels, features } = sample(rows, numClasses, 8);
    const { numBytes, numTensors } = tf.memory();
    const { peakBytes } = await tf.profile(() => ncm(features, labels, { numClasses }).dispose());
    // The means, as a variable too, and rows about the centre, by their lengths; one-hot rows are 2 MB.
    expect(peakBytes - numBytes).toBeLessThan(2 * 8 * rows * 4);
    expect(tf.memory().numTensors).toBe(numTensors);
    features.dispose();
  });

  it('are the centre where there is one class', () => {
    const { labels, features } = sample(6, 1, 3);
    const head = ncm(features, labels, { numClasses: 1, kind: 'un' });
    toBeCloseTo(
      head.weights.get('means')!.dataSync(),
      tf.tidy(() => tf.mean(features, 0).dataSync()),
    );
    head.dispose();
    features.dispose();
  });
});
