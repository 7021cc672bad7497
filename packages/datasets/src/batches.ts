/** Pictures in batches, in the order that a sampler gives. */
import { availableParallelism } from 'node:os';
import type { DataError } from '@longtail/core';
import { noneReadable, tooMany } from './batches/bad-images.ts';
import { preparedHere } from './batches/in-process.ts';
import { type FiledDataset, preparedInThreads } from './batches/in-threads.ts';
import {
  isBadImage,
  type Part,
  type Plan,
  type Prepared,
  plansOf,
  WHOLE,
  withoutFailed,
} from './batches/plan.ts';
import { checkRequest } from './batches/request.ts';
import type { Dataset } from './dataset.ts';
import { MAX_PIXELS } from './decode.ts';
import { callsOf, compose, type Transform } from './transform.ts';

export interface Batch {
  /** Shape `shape`, NHWC. From threads: used again once the next batch is asked for, so copy what is to stay. */
  readonly pixels: Uint8Array;
  readonly shape: readonly [number, number, number, number];
  /** Shape [N]. */
  readonly labels: Int32Array;
  /** Positions in the dataset, shape [N]. */
  readonly indices: Int32Array;
  /** Why pictures were left out since the batch before; of the last batch, those behind it too. None is lost. */
  readonly skipped: readonly DataError[];
  /** Position in the epoch after this batch, left-out pictures included: the `start` that goes on from here. */
  readonly end: number;
}

export interface BatchesOptions {
  batchSize: number;
  /** Of this package's: with threads only what a picture shows is decoded. Any other function runs on this thread. */
  transform?: Transform;
  seed?: number;
  epoch?: number;
  /** Position in `indices` to begin at: an epoch is resumed with the pictures it would have had. */
  start?: number;
  /** Leave out a last batch that is not full. */
  dropLast?: boolean;
  /**
   * Of each batch, the part of one of `ranks` processes, cut as batchSampler of @longtail/samplers does: `end` and what changes a
   * picture are those of the whole batch. So that all have as many, a part comes that is empty, too.
   */
  part?: Part;
  /** Threads that read and decode; 0 for this one. Default: one a core, for sets of files. */
  workers?: number;
  /** Batches that may be under way or waiting. */
  prefetch?: number;
  /** A picture that cannot be read ends the epoch, or is left out; then a batch is given when the next is there. */
  onBadImage?: 'fail' | 'skip';
  /** How many may be left out of an epoch. Infinity: any, as long as one is left. */
  maxBadImages?: number;
  /** height * width beyond which a file is refused. From threads only, as `orient`: `dataset.read` decodes otherwise. */
  maxPixels?: number;
  /** Turn pictures upright as EXIF says; torchvision's ImageFolder does not. */
  orient?: boolean;
}

/**
 * The numbers that change a picture depend on (seed, epoch, its position in the epoch) alone: neither on how many
 * threads there are nor on the batch size.
 *
 * @param indices positions in the dataset, in the order they are to come, at least one
 * @throws InputError before anything is read, when a position or an option is out of range; when a picture has another size
 *   than the first
 * @throws DataError naming the file that cannot be read; with `onBadImage: 'skip'` when more than `maxBadImages` cannot, or all
 * @example
 * for await (const { pixels, shape, labels } of batches(dataset, sampler.indices(epoch), { batchSize: 128, seed: 0, epoch })) ...
 */
export async function* batches(
  dataset: Dataset,
  indices: ArrayLike<number>,
  options: BatchesOptions,
): AsyncGenerator<Batch, void, undefined> {
  checkRequest(dataset, indices, options);
  const { batchSize, start = 0, dropLast = false, onBadImage = 'fail', maxBadImages = 100 } = options;
  const { part = WHOLE } = options;
  let [bad, end] = [0, start];
  let skipped: DataError[] = [];
  let held: Batch | undefined; // until a picture comes behind it, or none does and it is to say why
  const prepared = prepare(dataset, plansOf(indices, { batchSize, start, dropLast, part }), {
    ...options,
    pictures: indices.length - start,
  });
  for await (const batch of prepared) {
    const failed = leftOut(batch, onBadImage);
    bad += failed.length;
    if (bad > maxBadImages) throw tooMany(maxBadImages, failed.at(-1)!);
    for (const error of failed) skipped.push(error);
    end = Math.min(end + batchSize, indices.length);
    if (part.ranks === 1 && batch.failures.length === batch.indices.length) {
      // The threads' memory is used again.
      if (held?.pixels.buffer instanceof SharedArrayBuffer) held = { ...held, pixels: held.pixels.slice() };
    } else {
      if (held) yield held;
      held = { ...finish(dataset, batch), skipped, end };
      skipped = [];
      if (onBadImage === 'fail') {
        yield held;
        held = undefined;
      }
    }
    // A turn for the event loop: signals, timers.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (held) yield { ...held, skipped: [...held.skipped, ...skipped], end };
  else if (skipped.length > 0) throw noneReadable(skipped.length, skipped.at(-1)!);
}

function leftOut({ failures }: Prepared, onBadImage: 'fail' | 'skip'): DataError[] {
  return failures.map(({ error }) => {
    if (onBadImage === 'fail' || !isBadImage(error)) throw error;
    return error;
  });
}

function prepare(
  dataset: Dataset,
  plans: Iterable<Plan>,
  options: BatchesOptions & { pictures: number },
): AsyncGenerator<Prepared, void, undefined> {
  const {
    seed = 0,
    epoch = 0,
    pictures,
    maxPixels = MAX_PIXELS,
    orient = false,
    onBadImage = 'fail',
    maxBadImages = 100,
    prefetch = 2,
  } = options;
  const transform = options.transform ?? compose();
  const calls = callsOf(transform);
  const canThread = dataset.file !== undefined && calls !== undefined;
  const workers = Math.min(options.workers ?? (canThread ? availableParallelism() : 0), pictures);
  if (!canThread || workers < 1) return preparedHere(dataset, plans, { transform, seed, epoch });
  const threaded = {
    calls,
    transform,
    seed,
    epoch,
    batchSize: Math.min(options.batchSize, pictures),
    maxPixels,
    orient,
    onBadImage,
    maxBadImages,
    prefetch,
    workers,
  };
  return preparedInThreads(dataset as FiledDataset, plans, threaded);
}

function finish(dataset: Dataset, batch: Prepared): Omit<Batch, 'skipped' | 'end'> {
  const indices = batch.failures.length > 0 ? withoutFailed(batch) : batch.indices;
  const [height, width, channels] = batch.shape;
  return {
    pixels: batch.pixels.subarray(0, indices.length * height * width * channels),
    shape: [indices.length, height, width, channels],
    labels: indices.map((index) => dataset.labels[index]!),
    indices,
  };
}
