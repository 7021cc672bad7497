/**
 * Class-aware sampling, which cRT and LWS of the official code learn from (data/ClassAwareSampler.py): classes come
 * in the order of a shuffled list, cycled; at each visit a class gives `samplesPerClass` of its own shuffled
 * images, cycled too. Both lists are shuffled again each time they are through.
 */
import { asLabels, InputError, indicesByClass, type Random, random } from '@longtail/core';
import { checkEpoch, type Sampler, type SamplerOptions } from './sampler.ts';

/** A list given out again and again, shuffled before each round. */
function cycle(items: Int32Array, generator: Random): () => number {
  let at = items.length;
  return () => {
    if (at === items.length) {
      generator.shuffle(items);
      at = 0;
    }
    return items[at++]!;
  };
}

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.samplesPerClass images a visit, an integer >= 1 (official: 4)
 * @param options.length indices an epoch; default N, where the official loop stops too (its sampler says
 *   max_j n_j * C, but an epoch is cut after floor(N / batch) batches)
 * @throws InputError for bad labels, samplesPerClass or length
 */
export function classAware(
  labels: ArrayLike<number>,
  {
    seed,
    samplesPerClass = 4,
    length = labels.length,
  }: SamplerOptions & { samplesPerClass?: number; length?: number },
): Sampler {
  for (const [name, value] of Object.entries({ samplesPerClass, length }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`${name} must be an integer >= 1, but it is ${value}.`, { [name]: value });
  const byClass = indicesByClass(asLabels(labels));
  const present = Int32Array.from(byClass.flatMap((images, c) => (images.length > 0 ? [c] : [])));
  return {
    name: 'class-aware',
    length,
    indices(epoch) {
      checkEpoch(epoch);
      const nextClass = cycle(present.slice(), random(seed, 'class-aware', epoch));
      const nextImage = byClass.map((images, c) =>
        cycle(images.slice(), random(seed, 'class-aware', epoch, c)),
      );
      const drawn = new Int32Array(length);
      let image = nextImage[0]!;
      for (let i = 0; i < length; i++) {
        if (i % samplesPerClass === 0) image = nextImage[nextClass()]!;
        drawn[i] = image();
      }
      return drawn;
    },
  };
}
