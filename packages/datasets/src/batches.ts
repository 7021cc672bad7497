/** Pictures in batches, in the order that a sampler gives. */
import { InputError, random } from '@longtail/core';
import type { Dataset, Picture } from './dataset.ts';
import type { Transform } from './transforms.ts';

export interface Batch {
  /** Shape `shape`, NHWC. */
  readonly pixels: Uint8Array;
  readonly shape: readonly [number, number, number, number];
  /** Shape [N]. */
  readonly labels: Int32Array;
}

/**
 * The numbers that change a picture depend on (seed, epoch, its position in the epoch) alone.
 *
 * @param indices positions in the dataset, in the order they are to come
 * @param options.start position in `indices` to begin at: an epoch is resumed with the pictures it would have had
 * @param options.dropLast leave out a last batch that is not full
 * @throws InputError when a picture has another size than the first of its batch
 * @example
 * for await (const { pixels, shape, labels } of batches(dataset, sampler.indices(epoch), { batchSize: 128, seed: 0, epoch })) ...
 */
export async function* batches(
  dataset: Dataset,
  indices: ArrayLike<number>,
  {
    batchSize,
    transform = (picture) => picture,
    seed = 0,
    epoch = 0,
    start: first = 0,
    dropLast = false,
  }: {
    batchSize: number;
    transform?: Transform;
    seed?: number;
    epoch?: number;
    start?: number;
    dropLast?: boolean;
  },
): AsyncGenerator<Batch, void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new InputError(`batchSize must be an integer >= 1, but it is ${batchSize}.`, { batchSize });
  for (let start = first; start < indices.length; start += batchSize) {
    const size = Math.min(batchSize, indices.length - start);
    if (dropLast && size < batchSize) return;
    const pictures: Picture[] = [];
    for (let i = start; i < start + size; i++)
      pictures.push(transform(await dataset.read(indices[i]!), random(seed, 'augment', epoch, i)));
    yield stack(
      dataset,
      Int32Array.from({ length: size }, (_, i) => indices[start + i]!),
      pictures,
    );
    // A turn for the event loop: signals, timers.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function stack(dataset: Dataset, indices: Int32Array, pictures: readonly Picture[]): Batch {
  const { height, width, channels } = pictures[0]!;
  const pixels = new Uint8Array(pictures.length * height * width * channels);
  pictures.forEach((picture, i) => {
    if (picture.height !== height || picture.width !== width || picture.channels !== channels)
      throw new InputError(
        `pictures of one batch must be equally large, but ${dataset.name}[${indices[i]}] is ${picture.height}x${picture.width}x${picture.channels} and the first ${height}x${width}x${channels}; resize them in the transform.`,
      );
    pixels.set(picture.data, i * height * width * channels);
  });
  return {
    pixels,
    shape: [pictures.length, height, width, channels],
    labels: indices.map((index) => dataset.labels[index]!),
  };
}
