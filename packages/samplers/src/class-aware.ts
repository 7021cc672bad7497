/**
 * Class-aware sampling, which the official code learns class-balanced representations, cRT and LWS from
 * (data/ClassAwareSampler.py): classes come in the order of a shuffled list, cycled; at each visit a class gives
 * `samplesPerClass` of its own shuffled images, cycled too. Both lists are shuffled again each time they are through.
 * Without replacement within a cycle; p_c = 1 / C. (There one stream serves all lists, and cycles go on through epochs.)
 */
import {
  type ClassGroups,
  checkIntegers,
  checkOptions,
  groupByClass,
  InputError,
  type LabelList,
  type Random,
  random,
} from '@longtail/core';
import { lawOf } from './class-law.ts';
import { checkEpoch, checkSeed, MOST_DRAWS, type SamplerOptions, type SamplerWithLaw } from './sampler.ts';

export interface ClassAwareOptions extends SamplerOptions {
  /** Images a visit, an integer >= 1. Default 4, as official. */
  readonly samplesPerClass?: number;
  /** Indices an epoch. Default N. 'official': max_j n_j * C, of the classes with images. */
  readonly length?: number | 'official';
  /** Cut an epoch after floor(N / cutAtBatch) batches of this many, as the official loop does. Default: no cut. */
  readonly cutAtBatch?: number;
}

/** The order of visits, given how each list is shuffled: the official code's for its one stream. */
export function visit(
  groups: ClassGroups,
  {
    length,
    samplesPerClass,
    shuffleClasses,
    shuffleImages,
  }: {
    length: number;
    samplesPerClass: number;
    shuffleClasses: (classes: Int32Array) => void;
    shuffleImages: (images: Int32Array, c: number) => void;
  },
): Int32Array {
  const present = Int32Array.from(groups.counts.keys()).filter((c) => groups.counts[c]! > 0);
  const images = groups.order.slice();
  const given = groups.counts.slice(); // all through: the first visit shuffles
  const drawn = new Int32Array(length);
  let visited = present.length;
  for (let i = 0; i < length; visited++) {
    if (visited === present.length) {
      shuffleClasses(present);
      visited = 0;
    }
    const c = present[visited]!;
    const [begin, end] = [groups.offsets[c]!, groups.offsets[c + 1]!];
    let next = begin + given[c]!;
    for (const last = Math.min(i + samplesPerClass, length); i < last; next++) {
      if (next === end) {
        if (end - begin > 1) shuffleImages(images.subarray(begin, end), c);
        next = begin;
      }
      drawn[i++] = images[next]!;
    }
    given[c] = next - begin;
  }
  return drawn;
}

function epochLength(
  { counts, order: { length: images } }: ClassGroups,
  { length = images, cutAtBatch }: Pick<ClassAwareOptions, 'length' | 'cutAtBatch'>,
): number {
  const most = counts.reduce((a, b) => Math.max(a, b));
  const whole = length === 'official' ? most * counts.filter((n) => n > 0).length : length;
  checkIntegers({ length: whole }, { most: MOST_DRAWS });
  if (cutAtBatch === undefined) return whole;
  checkIntegers({ cutAtBatch });
  if (cutAtBatch > images)
    throw new InputError(
      `cutAtBatch must be at most the ${images} images, or no batch is left, but it is ${cutAtBatch}.`,
      { cutAtBatch, images },
    );
  return Math.min(whole, images - (images % cutAtBatch));
}

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels, samplesPerClass, length or cutAtBatch
 * @example
 * classAware(labels, { seed: 0, length: 'official', cutAtBatch: 512 }); // as many as the official loop sees
 */
export function classAware(labels: LabelList, options: ClassAwareOptions): SamplerWithLaw {
  const { seed, samplesPerClass = 4 } = checkOptions(options, { of: 'classAware' });
  checkSeed(seed);
  checkIntegers({ samplesPerClass });
  const groups = groupByClass(labels);
  const length = epochLength(groups, options);
  return {
    name: 'class-aware',
    length,
    probabilities(epoch) {
      checkEpoch(epoch);
      return lawOf(groups.counts, () => 1);
    },
    indices(epoch) {
      checkEpoch(epoch);
      const ofImages: Random[] = []; // a stream a class, so that a visit's images do not hang on the other classes
      return visit(groups, {
        length,
        samplesPerClass,
        shuffleClasses: random(seed, 'class-aware', epoch).shuffle,
        shuffleImages(images, c) {
          ofImages[c] ??= random(seed, 'class-aware', epoch, c);
          ofImages[c].shuffle(images);
        },
      });
    },
  };
}
