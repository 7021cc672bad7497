/** Heads fitted on rows that are read as they are asked for are those of the tensor, to the bit. */
import '@tensorflow/tfjs';
import { InputError, random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { meanOf } from '../src/feature-rows.ts';
import {
  type FeatureRows,
  type Features,
  type Head,
  lda,
  logisticRegression,
  ncm,
  ridge,
} from '../src/index.ts';

beforeAll(useTestBackend);

const [ROWS, DIM, CLASSES] = [60, 5, 4];
const labels = random(0, 'rows').shuffle(Int32Array.from({ length: ROWS }, (_, i) => (i * i) % CLASSES));
const values = () => normal([ROWS, DIM], { seed: 3 }) as tf.Tensor2D;

/** Rows of a tensor, and how many were alive at once. */
function rowsOf(tensor: tf.Tensor2D): FeatureRows & { most: () => number } {
  let most = 0;
  const seen = (rows: tf.Tensor2D) => {
    most = Math.max(most, rows.shape[0]);
    return rows;
  };
  return {
    shape: tensor.shape,
    slice: (start, count) => seen(tf.slice(tensor, [start, 0], [count, -1])),
    most: () => most,
  };
}

const options = { numClasses: CLASSES };
const fits: Record<string, (features: Features) => Head | Promise<Head>> = {
  ncm: (features) => ncm(features, labels, options),
  lda: (features) => lda(features, labels, options),
  ridge: (features) => ridge(features, labels, options),
  logistic: (features) => logisticRegression(features, labels, { ...options, chunk: 16, maxIterations: 5 }),
};

describe.each(Object.entries(fits))('%s', (_, fitted) => {
  it('of rows is that of the tensor, and no tensor is left', async () => {
    const features = values();
    const weights = async (given: Features) => {
      const head = await fitted(given);
      const found = [...head.weights].map(([name, { shape }]) => [
        name,
        shape,
        head.weights.get(name)!.dataSync().slice(),
      ]);
      head.dispose();
      return found;
    };
    const expected = await weights(features);
    const before = tf.memory().numTensors;
    expect(await weights(rowsOf(features))).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before);
    features.dispose();
  });

  it('refuses rows that are none, of another width, or not finite, and leaves no tensor', async () => {
    const features = values();
    const before = tf.memory().numTensors;
    const rows = rowsOf(features);
    const wrong: [unknown, RegExp][] = [
      [{ ...rows, shape: undefined }, /features must be a tensor/],
      [{ ...rows, slice: 5 }, /slice of features/],
      [{ ...rows, shape: [ROWS] }, /width of features/],
      [{ ...rows, shape: [ROWS, DIM + 1] }, /rows that are asked for, \[60,6\], but gave \[60,5\]/],
      [{ ...rows, shape: [ROWS - 1, DIM] }, /a label for each row/],
      [
        {
          ...rows,
          slice: (start: number, count: number) =>
            tf.tidy(() => tf.log(tf.sub(rows.slice(start, count), 1e9))),
        },
        /row 0 \(from 0\) holds NaN/,
      ],
    ];
    for (const [given, message] of wrong) {
      const refused = (async () => fitted(given as Features))();
      await expect(refused).rejects.toThrow(InputError);
      await expect(refused).rejects.toThrow(message);
    }
    expect(tf.memory().numTensors).toBe(before);
    features.dispose();
  });
});

it('the mean of many rows is taken in chunks', () => {
  const features = values();
  const rows = rowsOf(features);
  const [whole, chunked] = [meanOf(features), meanOf(rows, { chunk: 7 })];
  expect(rows.most()).toBe(7);
  toBeCloseTo(chunked.dataSync(), whole.dataSync());
  tf.dispose([features, whole, chunked]);
});
