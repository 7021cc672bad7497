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

/** Rows of the processes' shares, each from where its pictures lie in the order; without gaps at the end. */
function rowsOfShares(length: number, { begins, dim }: { begins: readonly number[]; dim: number }) {
  const [values, labels] = [new Float32Array(length * dim), new Int32Array(length)];
  const shares = begins.map((begin) => ({ begin, done: begin, row: begin, batches: [] as number[] }));
  return {
    /** @returns how many pictures it has seen for this batch, those included that could not be read */
    take(r: number, bytes: Uint8Array): number {
      const share = shares[r]!;
      const { end, ...found } = decoded(bytes, dim);
      values.set(found.values, share.row * dim);
      labels.set(found.labels, share.row);
      share.row += found.labels.length;
      share.batches.push(found.labels.length);
      const pictures = end - share.done;
      share.done = end;
      return pictures;
    },
    all(): SharedRows {
      let row = 0;
      for (const { begin, row: end } of shares) {
        values.copyWithin(row * dim, begin * dim, end * dim);
        labels.copyWithin(row, begin, end);
        row += end - begin;
      }
      let end = 0;
      const sizes = shares.flatMap((share) => share.batches);
      const ends = Int32Array.from(sizes, (rows) => (end += rows));
      return { values: values.subarray(0, row * dim), labels: labels.subarray(0, row), ends };
    },
  };
}

/** As many as the others, since they wait for one another after each. */
async function* padded<T>(
  source: AsyncIterable<T> | readonly T[],
  count: number,
): AsyncGenerator<T | undefined> {
  let given = 0;
  for await (const one of source) {
    given++;
    yield one;
  }
  for (; given < count; given++) yield undefined;
}

/**
 * @param order positions of the pictures
 * @param options.featuresOf the rows of a batch, [n, D]
 * @param options.onBatch hears of how many more pictures are done, by all processes; on the first
 * @returns the rows in that order on the first process, none on the others
 * @throws as `batches` of a share, such as of one where no picture can be read; the signal's reason when it is aborted
 */
export async function sharedFeatures(
  dataset: Dataset,
  order: Int32Array,
  {
    featureDim: dim,
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
  const { rank, size, collective, threads: workers } = ranks;
  const { length } = order;
  const { batchSize } = reading;
  const count = Math.ceil(length / batchSize);
  const beginOf = (r: number): number => Math.min(Math.floor((count * r) / size) * batchSize, length);
  const [start, end] = [beginOf(rank), beginOf(rank + 1)];
  const how = { ...reading, start, ...(workers !== undefined && { workers }) };
  const own = start < end ? batches(dataset, order.subarray(0, end), how) : [];
  const begins = Array.from({ length: size }, (_, r) => beginOf(r));
  const rows = rowsOfShares(rank === 0 ? length : 0, { begins, dim });
  for await (const batch of padded(own, Math.ceil(count / size))) {
    ranks.agree();
    ranks.signal.throwIfAborted();
    const message = batch
      ? encoded({ end: batch.end, labels: batch.labels, values: featuresOf(batch) })
      : new Uint8Array(0);
    const all = collective?.gather(message) ?? [message];
    if (rank > 0) continue;
    for (const [r, bytes] of all.entries()) {
      if (bytes.length === 0) continue;
      const pictures = rows.take(r, bytes);
      onBatch?.(pictures);
    }
  }
  return rows.all();
}
