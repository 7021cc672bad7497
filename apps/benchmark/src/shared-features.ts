/**
 * What a backbone makes of pictures that several processes share. Each takes a run of whole batches, those that one process would
 * make, so that the numbers are the same to the bit however many there are; the first process has the rows of all.
 */
import { type Batch, type BatchesOptions, batches, type Dataset } from '@longtail/datasets';
import type { Ranks } from './ranks.ts';

type Reading = Omit<BatchesOptions, 'start' | 'part' | 'dropLast' | 'workers'>;

export interface SharedRows {
  /** [N, D], row by row. */
  readonly values: Float32Array;
  /** [N] */
  readonly labels: Int32Array;
  /** Where each batch ends: those of which no picture could be read are left out. */
  readonly ends: Int32Array;
}

interface Message {
  /** Position in the order after this batch. */
  readonly end: number;
  readonly labels: Int32Array;
  readonly values: Float32Array;
}

function encoded({ end, labels, values }: Message): Uint8Array {
  const { length } = labels;
  const bytes = new Uint8Array(4 * (1 + length + values.length));
  new Int32Array(bytes.buffer, 0, 1)[0] = end;
  new Int32Array(bytes.buffer, 4, length).set(labels);
  new Float32Array(bytes.buffer, 4 * (1 + length)).set(values);
  return bytes;
}

function decoded({ buffer, length }: Uint8Array, dim: number): Message {
  const count = (length / 4 - 1) / (1 + dim);
  const [end] = new Int32Array(buffer, 0, 1);
  const labels = new Int32Array(buffer, 4, count);
  return { end: end!, labels, values: new Float32Array(buffer, 4 * (1 + count), count * dim) };
}

/** As many as the others, since they wait for one another after each. */
async function* padded<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T | undefined> {
  let given = 0;
  for await (const one of source) {
    given++;
    yield one;
  }
  for (; given < count; given++) yield undefined;
}

async function* none(): AsyncGenerator<never> {}

/**
 * @param order positions of the pictures
 * @param options.featuresOf the rows of a batch, [n, D]
 * @param options.onBatch hears of how many more pictures are done, by all processes
 * @returns the rows in that order on the first process, none on the others
 * @throws as `batches`; the signal's reason when it is aborted
 */
export async function sharedFeatures(
  dataset: Dataset,
  order: Int32Array,
  {
    featureDim,
    featuresOf,
    ranks,
    onBatch,
    ...reading
  }: Reading & {
    readonly featureDim: number;
    readonly featuresOf: (batch: Batch) => Float32Array;
    readonly ranks: Ranks;
    readonly onBatch?: ((pictures: number) => void) | undefined;
  },
): Promise<SharedRows> {
  const { rank, size, collective, threads } = ranks;
  const { batchSize } = reading;
  const count = Math.ceil(order.length / batchSize);
  const beginOf = (r: number): number => Math.min(Math.floor((count * r) / size) * batchSize, order.length);
  const shares = Array.from({ length: size }, (_, r) => {
    const begin = beginOf(r);
    return { begin, done: begin, row: begin, batches: [] as number[] };
  });
  const kept = rank === 0 ? order.length : 0;
  const [values, labels] = [new Float32Array(kept * featureDim), new Int32Array(kept)];
  const [start, end] = [beginOf(rank), beginOf(rank + 1)];
  const own =
    start < end
      ? batches(dataset, order.subarray(0, end), {
          ...{ ...reading, start },
          ...(threads !== undefined && { workers: threads }),
        })
      : none();
  for await (const batch of padded(own, Math.ceil(count / size))) {
    ranks.agree();
    ranks.signal.throwIfAborted();
    const message = batch
      ? encoded({ end: batch.end, labels: batch.labels, values: featuresOf(batch) })
      : new Uint8Array(0);
    for (const [r, bytes] of (collective?.gather(message) ?? [message]).entries()) {
      if (bytes.length === 0 || rank > 0) continue;
      const share = shares[r]!;
      const found = decoded(bytes, featureDim);
      values.set(found.values, share.row * featureDim);
      labels.set(found.labels, share.row);
      share.row += found.labels.length;
      share.batches.push(found.labels.length);
      onBatch?.(found.end - share.done);
      share.done = found.end;
    }
  }
  let row = 0; // pictures that could not be read have none
  for (const { begin, row: end } of rank === 0 ? shares : []) {
    values.copyWithin(row * featureDim, begin * featureDim, end * featureDim);
    labels.copyWithin(row, begin, end);
    row += end - begin;
  }
  let ends = 0;
  return {
    values: values.subarray(0, row * featureDim),
    labels: labels.subarray(0, row),
    ends: Int32Array.from(
      shares.flatMap((share) => share.batches),
      (rows) => (ends += rows),
    ),
  };
}
