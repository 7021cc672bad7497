/** Heads from a store are those from the same rows in memory, to the bit; and rebalance reads its parts. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InputError, LongtailError, UsageError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeSafetensors } from '@longtail/formats';
import { crt, type Features, type Head, lda, logisticRegression, ncm, ridge } from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import { testArguments } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readParts } from '../src/rebalance/read-parts.ts';
import { type FeatureStore, readFeatureStore } from '../src/store/read-store.ts';
import { storeBatches, storeRows } from '../src/store/store-batches.ts';
import { pictures, storeIn } from './store-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-store-heads-'));
const at = (name: string): string => join(root, name);
let store: FeatureStore;
beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
  await storeIn(at('whole'));
  store = await readFeatureStore(at('whole'));
}, 60_000);
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

const numClasses = 3;
const weightsOf = (head: Head) => {
  const found = [...head.weights].map(([name, variable]) => [name, variable.dataSync().slice()]);
  head.dispose();
  return found;
};

describe('batches of a store', () => {
  it('show every row once an epoch, in an order of (seed, epoch), and leave no tensor', () => {
    const before = tf.memory().numTensors;
    const orderOf = (epoch: number, seed: number) => {
      const order: number[] = [];
      for (const { features, labels } of storeBatches(store, { batchSize: 4, seed })(epoch)) {
        const values = features.dataSync();
        for (let i = 0; i < labels.size; i++) {
          const row = values.subarray(i * store.dim, (i + 1) * store.dim);
          order.push(
            [...Array(store.length).keys()].find((k) =>
              Buffer.from(store.at([k]).buffer).equals(Buffer.from(row.slice().buffer)),
            )!,
          );
        }
        expect([...labels.dataSync()]).toEqual(order.slice(-labels.size).map((k) => store.labels[k]));
        tf.dispose([features, labels]);
      }
      return order;
    };
    const first = orderOf(0, 0);
    expect(first.toSorted((a, b) => a - b)).toEqual([...Array(21).keys()]);
    expect(first).not.toEqual([...Array(21).keys()]);
    expect(orderOf(0, 0)).toEqual(first);
    expect(orderOf(1, 0)).not.toEqual(first);
    expect(orderOf(0, 1)).not.toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('read the rows of one batch at a time', () => {
    const asked: number[] = [];
    const watched = {
      ...store,
      at: (indices: ArrayLike<number>) => {
        asked.push(indices.length);
        return store.at(indices);
      },
    };
    const sizes = (options: object) => {
      asked.length = 0;
      for (const { features, labels } of storeBatches(watched, { batchSize: 8, ...options })(0)) {
        expect(asked.at(-1)).toBe(features.shape[0]);
        tf.dispose([features, labels]);
      }
      return [...asked];
    };
    expect(sizes({})).toEqual([8, 8, 5]);
    expect(sizes({ dropLast: true })).toEqual([8, 8]);
  });

  it('train the head of the rows in memory: cRT, class by class', async () => {
    const { indices } = classAware(store.labels, { seed: 0 });
    const options = { featureDim: store.dim, numClasses, seed: 0, epochs: 2 };
    const memory = tf.tensor2d(store.rows(0, store.length), [store.length, store.dim]);
    const before = tf.memory().numTensors;
    const stored = await crt(storeBatches(store, { batchSize: 8, indices }), options);
    const expected = await crt(function* (epoch) {
      const order = indices(epoch);
      for (let start = 0; start < order.length; start += 8) {
        const own = order.subarray(start, start + 8);
        const labels = tf.tensor1d(
          own.map((row) => store.labels[row]!),
          'int32',
        );
        yield { features: tf.gather(memory, own), labels };
      }
    }, options);
    expect(weightsOf(stored)).toEqual(weightsOf(expected));
    expect(tf.memory().numTensors).toBe(before);
    memory.dispose();
  });
});

it.each<[string, (features: Features) => Head | Promise<Head>]>([
  ['ncm', (features) => ncm(features, store.labels, { numClasses })],
  ['lda', (features) => lda(features, store.labels, { numClasses })],
  ['ridge', (features) => ridge(features, store.labels, { numClasses })],
  ['logistic', (features) => logisticRegression(features, store.labels, { numClasses, maxIterations: 5 })],
])('%s of a store is that of the rows in memory, and no tensor is left', async (_, fitted) => {
  const memory = tf.tensor2d(store.rows(0, store.length), [store.length, store.dim]);
  const expected = weightsOf(await fitted(memory));
  const before = tf.memory().numTensors;
  expect(weightsOf(await fitted(storeRows(store)))).toEqual(expected);
  expect(tf.memory().numTensors).toBe(before);
  memory.dispose();
});

it('is what the program of the README fits NCM and cRT on', async () => {
  const program = join(import.meta.dirname, '../examples/store.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, at('whole')]);
  expect(stdout).toBe('ncm crt\n');
});

describe('rebalance', () => {
  it('takes the splits of one store, and the test rows of another', async () => {
    const one = await readParts(at('whole'), {});
    expect(one).toMatchObject({ classNames: ['a', 'b', 'c'], notes: [] });
    expect([one.train.values, one.test!.labels]).toEqual([store.rows(0, 21), pictures.test.labels]);
    await storeIn(at('train'), { splits: ['train'] });
    await storeIn(at('test'), { splits: ['test'] });
    expect((await readParts(at('train'), {})).test).toBeUndefined();
    for (const test of [at('test'), at('whole')])
      expect((await readParts(at('train'), { test })).test!.values).toEqual(one.test!.values);
    const file = at('test.safetensors');
    const features = { shape: [6, 64], data: one.test!.values };
    writeFileSync(file, encodeSafetensors({ features, labels: { shape: [6], data: one.test!.labels } }));
    expect((await readParts(at('train'), { test: file })).test!.labels).toEqual(one.test!.labels);
  });

  it('leaves its own test rows out beside others, and says so', async () => {
    await storeIn(at('other'), { splits: ['test'] });
    const { notes } = await readParts(at('whole'), { test: at('other') });
    expect(notes).toEqual([
      expect.stringMatching(/test rows of .*whole itself, left out because of --test: 6\./),
    ]);
  });

  it('refuses labels, folds of views, and other classes', async () => {
    await storeIn(at('views'), { views: 2, splits: ['train'] });
    const wrong: [string, Parameters<typeof readParts>[1], RegExp][] = [
      [at('whole'), { labels: 'labels' }, /is a store of features, which has its own labels and splits/],
      [at('views'), {}, /shows each picture in 2 views, and folds of its rows/],
    ];
    for (const [path, flags, message] of wrong) {
      await expect(readParts(path, flags)).rejects.toThrow(UsageError);
      await expect(readParts(path, flags)).rejects.toThrow(message);
    }
    const { notes, train } = await readParts(at('views'), { test: at('whole') });
    expect([notes, train.labels.length]).toEqual([[expect.stringMatching(/in 2 views/)], 42]);
  });
});

const stored = {
  dim: 1,
  labels: Int32Array.of(0, 1),
  rows: () => new Float32Array(1),
  at: (rows: ArrayLike<number>) => new Float32Array(rows.length),
};
testArguments(
  {
    storeBatches: [
      (options: never) => {
        const batches = storeBatches({ length: 2, ...stored }, options);
        for (const { features, labels } of batches(0)) tf.dispose([features, labels]);
      },
      { batchSize: 1, seed: 0, indices: () => Int32Array.of(0, 1), dropLast: true },
    ],
    storeRows: [(given: FeatureStore) => storeRows(given).shape, { length: 2, ...stored }],
    readFeatureStore: [
      async (folder: string, options: never) => {
        using read = await readFeatureStore(folder, options);
        return read.length;
      },
      at('whole'),
      { split: 'train', verify: true, notFinite: 'refuse' },
    ],
  },
  { isTyped: (error) => error instanceof LongtailError },
);

it('refuses rows that the store does not have', () => {
  const batches = storeBatches(store, { batchSize: 2, indices: () => Int32Array.of(0, 21) });
  expect(() => [...batches(0)]).toThrow(InputError);
});
