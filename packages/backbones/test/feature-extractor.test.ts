import '@tensorflow/tfjs';
import { InputError, LongtailError } from '@longtail/core';
import { imagesFromBytes } from '@longtail/kernels';
import { testArguments } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { cifarResNet, featureExtractor, type Statistics } from '../src/index.ts';

const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

beforeAll(useTestBackend);

it("a backbone's features, from bytes, with nothing left behind", async () => {
  const tensors = tf.memory().numTensors;
  const statistics = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] };
  const backbone = cifarResNet({ depth: 8, width: 4, seed: 1 });
  const extractor = featureExtractor(backbone, statistics);
  expect(extractor).toMatchObject({ name: backbone.name, featureDim: 16, statistics });
  const pixels = Uint8Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => (i * i) % 251);
  const shape = [2, 8, 8, 3] as const;
  const expected = tf.tidy(() =>
    backbone.features(imagesFromBytes(pixels, shape, statistics), { training: false }).dataSync(),
  );
  const kept = tf.memory().numTensors;
  expect(await extractor.extract(pixels, shape)).toEqual(expected);
  await expect(extractor.extract(pixels, [2, 8, 4, 3])).rejects.toBeInstanceOf(InputError);
  await expect(extractor.extract(pixels.subarray(0, 0), [0, 8, 8, 3])).rejects.toBeInstanceOf(InputError);
  expect(tf.memory().numTensors).toBe(kept);
  await extractor.dispose();
  await extractor.dispose();
  await expect(extractor.extract(pixels, shape)).rejects.toThrow(/has been disposed/);
  expect(tf.memory().numTensors).toBe(tensors);
});

const extractor = featureExtractor(cifarResNet({ depth: 8, width: 1, seed: 1 }), HALF);
testArguments(
  {
    featureExtractor: [
      (statistics: Statistics) =>
        featureExtractor(cifarResNet({ depth: 8, width: 1, seed: 1 }), statistics).statistics,
      HALF,
    ],
    extract: [extractor.extract, new Uint8Array(8 * 8 * 3), [1, 8, 8, 3]],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
