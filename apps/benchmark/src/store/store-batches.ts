/** A store as what heads are fitted on: batches of an epoch, or all rows as they are asked for; in memory are those of a batch. */
import {
  checkFunctions,
  checkIntegers,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkPositions,
  InputError,
  random,
} from '@longtail/core';
import type { FeatureBatch, FeatureRows } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureStore } from './read-store.ts';

export type StoredRows = Pick<FeatureStore, 'length' | 'dim' | 'labels' | 'rows' | 'at'>;

/** @throws InputError unless it has rows and their labels */
function checkStore(store: StoredRows): void {
  checkObjects({ store });
  const { length, dim, labels, rows, at } = store;
  checkIntegers({ "a store's length": length, "a store's dim": dim });
  checkFunctions({ "a store's rows": rows, "a store's at": at });
  if (!(labels instanceof Int32Array) || labels.length !== length)
    throw new InputError(`a store's labels must be an Int32Array of its ${length} rows.`);
}

/**
 * Batches as trainHead, crt, lws and others of `@longtail/heads` take them.
 *
 * @param options.indices the rows of an epoch in their order, such as those of a sampler of `@longtail/samplers`; default: all rows,
 *   shuffled by (seed, epoch)
 * @param options.dropLast leave out a last batch that is not full
 * @throws InputError for a row that is not there
 * @example
 * const { indices } = classAware(store.labels, { seed: 0 });
 * const head = await crt(storeBatches(store, { batchSize: 512, indices }), { featureDim: store.dim, numClasses, seed: 0 });
 */
export function storeBatches(
  store: StoredRows,
  options: {
    batchSize: number;
    seed?: number;
    indices?: (epoch: number) => Int32Array;
    dropLast?: boolean;
  },
): (epoch: number) => Iterable<FeatureBatch> {
  checkStore(store);
  const { batchSize, seed = 0, dropLast = false } = checkOptions(options, { of: 'storeBatches' });
  checkIntegers({ batchSize });
  checkOneOf({ dropLast }, [true, false]);
  const shuffled = (epoch: number): Int32Array =>
    random(seed, 'store', epoch).shuffle(Int32Array.from({ length: store.length }, (_, i) => i));
  const { indices: indicesOf = shuffled } = options;
  checkFunctions({ indices: indicesOf });
  random(seed);
  return function* (epoch) {
    const indices = indicesOf(epoch);
    checkPositions(indices, { length: store.length, of: 'the store' });
    const last = dropLast ? indices.length - batchSize + 1 : indices.length;
    for (let start = 0; start < last; start += batchSize) {
      const own = indices.subarray(start, start + batchSize);
      const features = tf.tensor2d(store.at(own), [own.length, store.dim]);
      const labels = tf.tensor1d(
        own.map((row) => store.labels[row]!),
        'int32',
      );
      yield { features, labels };
    }
  };
}

/**
 * All rows, as ncm, lda, ridge and logisticRegression of `@longtail/heads` take them in the place of a tensor.
 *
 * @example
 * const head = ncm(storeRows(store), store.labels, { numClasses });
 */
export function storeRows(store: StoredRows): FeatureRows {
  checkStore(store);
  const { length, dim, rows } = store;
  return {
    shape: [length, dim],
    slice: (start, count) => tf.tensor2d(rows(start, start + count), [count, dim]),
  };
}
