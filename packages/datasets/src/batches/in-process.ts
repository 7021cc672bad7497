/** Batches of pictures that this thread reads and transforms: sets in memory, and transforms of other packages. */
import { InputError, random, shown } from '@longtail/core';
import type { Dataset, Picture } from '../dataset.ts';
import type { Transform } from '../transform.ts';
import { isBadImage, type Plan, type Prepared } from './plan.ts';

export async function* preparedHere(
  dataset: Dataset,
  plans: Iterable<Plan>,
  { transform, seed, epoch }: { transform: Transform; seed: number; epoch: number },
): AsyncGenerator<Prepared, void, undefined> {
  for (const { start, indices } of plans) {
    const pictures: (Picture | undefined)[] = [];
    const failures: { place: number; error: Error }[] = [];
    for (let place = 0; place < indices.length; place++)
      try {
        const numbers = random(seed, 'augment', epoch, start + place);
        const where = `${dataset.name}[${indices[place]}]`;
        const source = asPicture(await dataset.read(indices[place]!), where);
        pictures.push(asPicture(transform(source, numbers), `the transform of ${where}`));
      } catch (error) {
        if (!isBadImage(error)) throw error;
        pictures.push(undefined);
        failures.push({ place, error });
      }
    yield { indices, failures, ...stack(dataset, indices, pictures) };
  }
}

/** @throws InputError unless a set or a transform of one's own gave a picture */
function asPicture(given: Picture, where: string): Picture {
  const { data, height, width, channels } = given ?? {};
  if (data?.length === height * width * channels) return given;
  throw new InputError(
    `${where} must be a picture of height * width * channels bytes, but it is ${data ? `${height}x${width}x${channels} of ${data.length} bytes` : shown(given)}.`,
  );
}

function stack(
  dataset: Dataset,
  indices: Int32Array,
  pictures: readonly (Picture | undefined)[],
): Pick<Prepared, 'pixels' | 'shape'> {
  const first = pictures.find((picture) => picture !== undefined);
  const { height, width, channels } = first ?? { height: 0, width: 0, channels: 0 };
  const pixels = new Uint8Array(pictures.length * height * width * channels);
  pictures.forEach((picture, i) => {
    if (!picture) return;
    if (picture.height !== height || picture.width !== width || picture.channels !== channels)
      throw new InputError(
        `pictures of one batch must be equally large, but ${dataset.name}[${indices[i]}] is ${picture.height}x${picture.width}x${picture.channels} and the first ${height}x${width}x${channels}; resize them in the transform.`,
      );
    pixels.set(picture.data, i * height * width * channels);
  });
  return { pixels, shape: [height, width, channels] };
}
