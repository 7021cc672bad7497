/** The rows of one shard: a view of some pictures, and nothing that came before. */
import { DataError } from '@longtail/core';
import { batches, type Dataset, type Transform } from '@longtail/datasets';
import type { Network } from './network.ts';
import type { PlannedShard } from './plan.ts';

export interface ShardRows {
  /** [n, dim], row by row. */
  readonly features: Float32Array;
  /** [n] */
  readonly labels: Int32Array;
  /** Positions of the pictures in their split, [n]. */
  readonly indices: Int32Array;
}

export interface ShardReading {
  readonly transform: Transform;
  /** With the view and the picture's position, all that an augmented picture depends on. */
  readonly seed: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly signal: AbortSignal;
  readonly onBatch: (pictures: number) => void;
}

/** Batches begin anew with each shard, so that its rows are to the bit the same whatever is extracted with it. */
const BATCH = 100;

/** The first row that holds NaN or an infinity, -1 where there is none: exponents of ones, looked at as bits. */
export function firstNotFinite(values: Float32Array, dim: number): number {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++)
    if ((words[i]! & 0x7f800000) === 0x7f800000) return Math.floor(i / dim);
  return -1;
}

/** @throws DataError for a picture that cannot be read, or whose feature is not finite */
export async function extractShard(
  { featureDim, extract, name }: Network,
  dataset: Dataset,
  { split, file, view, start, end }: PlannedShard,
  { transform, seed, onBadImage, signal, onBatch }: ShardReading,
): Promise<ShardRows> {
  const count = end - start;
  const [features, labels] = [new Float32Array(count * featureDim), new Int32Array(count)];
  const indices = new Int32Array(count);
  let row = 0;
  // Of an order that counts all pictures, a picture's position is its index: what its random numbers are drawn by.
  const order = Int32Array.from({ length: end }, (_, i) => i);
  const reading = { batchSize: BATCH, start, seed, epoch: view, transform, onBadImage };
  for await (const batch of batches(dataset, order, reading)) {
    signal.throwIfAborted();
    const rows = await extract(batch.pixels, batch.shape);
    const bad = firstNotFinite(rows, featureDim);
    if (bad >= 0)
      throw new DataError(
        `expected finite features of ${name}, but that of picture ${batch.indices[bad]} of ${split} (row ${row + bad} of ${file}) holds NaN or an infinity; take other weights.`,
        { split, picture: batch.indices[bad] },
      );
    features.set(rows, row * featureDim);
    labels.set(batch.labels, row);
    indices.set(batch.indices, row);
    row += batch.labels.length;
    onBatch(batch.labels.length + batch.skipped.length);
  }
  return {
    features: features.subarray(0, row * featureDim),
    labels: labels.subarray(0, row),
    indices: indices.subarray(0, row),
  };
}
