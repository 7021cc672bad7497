/**
 * Batches whose pictures other threads read, decode and transform, straight into memory that all see. At most
 * `prefetch` batches are under way or waiting; a slower consumer stops the threads.
 */
import { type DataError, random } from '@longtail/core';
import { checkedFile } from '../checked-dataset.ts';
import type { Dataset, PictureFile } from '../dataset.ts';
import { openPicture } from '../decode.ts';
import { prepare, type Transform } from '../transform.ts';
import { noneReadable, tooMany } from './bad-images.ts';
import { asError, type Preparation } from './messages.ts';
import { isBadImage, type Plan, type Prepared } from './plan.ts';
import { createFileReader, nameOf } from './read-file.ts';
import { type Threads, takeThreads } from './threads.ts';

export interface ThreadedOptions extends Preparation {
  readonly transform: Transform;
  readonly workers: number;
  readonly prefetch: number;
  readonly batchSize: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly maxBadImages: number;
}

export type FiledDataset = Dataset & Required<Pick<Dataset, 'file'>>;
type Shape = Prepared['shape'];
/** Of a part of batches that all are empty. */
const NOTHING: Shape = [0, 0, 0];

/** `pixels` is used again once the next batch is asked for. */
export async function* preparedInThreads(
  dataset: FiledDataset,
  plans: Iterable<Plan>,
  options: ThreadedOptions,
): AsyncGenerator<Prepared, void, undefined> {
  const left = [...plans];
  const shape = (await pictureShape(dataset, left, options)) ?? NOTHING;
  const { calls, seed, epoch, maxPixels, orient, prefetch } = options;
  const preparation = { calls, seed, epoch, maxPixels, orient };
  const threads = takeThreads(options.workers);
  const memory = ring(prefetch + 1, options.batchSize * shape[0] * shape[1] * shape[2]);
  const underWay: Promise<Prepared>[] = [];
  try {
    for (let begun = 0; begun < left.length || underWay.length > 0; ) {
      for (; begun < left.length && underWay.length < prefetch; begun++) {
        const batch = prepareIn(threads, dataset, left[begun]!, { ...preparation, shape, memory: memory() });
        batch.catch(() => {}); // it is thrown where the batch is waited for
        underWay.push(batch);
      }
      yield await underWay.shift()!;
    }
  } finally {
    await threads.release();
  }
}

/** Memories that both sides see, one after another, round and round. */
function ring(count: number, bytes: number): () => Uint8Array {
  const memories: Uint8Array[] = [];
  let next = 0;
  return () => {
    const at = next++ % count;
    memories[at] ??= new Uint8Array(new SharedArrayBuffer(bytes));
    return memories[at];
  };
}

async function prepareIn(
  threads: Threads,
  dataset: FiledDataset,
  { start, indices }: Plan,
  { shape, memory, ...preparation }: Preparation & { shape: Shape; memory: Uint8Array },
): Promise<Prepared> {
  const { files, failures } = filesOf(dataset, indices);
  const pixels = memory.subarray(0, files.length * shape[0] * shape[1] * shape[2]);
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const found = await threads.run({ ...preparation, files, start, shape, pixels, taken });
  for (const failure of found) failures.push({ place: failure.place, error: asError(failure) });
  return { indices, shape, pixels, failures: failures.sort((a, b) => a.place - b.place) };
}

/** Where the pictures lie; null, and why, where the set knows already that one cannot be read. */
function filesOf(
  dataset: FiledDataset,
  indices: Int32Array,
): { files: (PictureFile | null)[]; failures: { place: number; error: Error }[] } {
  const failures: { place: number; error: Error }[] = [];
  const files = Array.from(indices, (index, place) => {
    try {
      return checkedFile(dataset.file(index), `${dataset.name}[${index}]`);
    } catch (error) {
      if (!isBadImage(error)) throw error;
      failures.push({ place, error });
      return null;
    }
  });
  return { files, failures };
}

/** The shape of every picture is that of the first that can be read; undefined where there is none to read. */
async function pictureShape(
  dataset: FiledDataset,
  plans: readonly Plan[],
  { transform, seed, epoch, maxPixels, orient, onBadImage, maxBadImages }: ThreadedOptions,
): Promise<Shape | undefined> {
  const reader = createFileReader();
  let bad = 0;
  let last: DataError | undefined;
  try {
    for (const { start, indices } of plans)
      for (const [place, index] of indices.entries())
        try {
          const file = checkedFile(dataset.file(index), `${dataset.name}[${index}]`);
          const source = await openPicture(reader.read(file), { source: nameOf(file), maxPixels, orient });
          const numbers = random(seed, 'augment', epoch, start + place);
          const { height, width, channels } = prepare(source, transform.parts ?? [], numbers);
          return [height, width, channels];
        } catch (error) {
          if (onBadImage === 'fail' || !isBadImage(error)) throw error;
          if (++bad > maxBadImages) throw tooMany(maxBadImages, error);
          last = error;
        }
  } finally {
    reader.close();
  }
  if (last) throw noneReadable(bad, last);
  return undefined;
}
