/**
 * A sampler from a class law: a class by its probability with replacement, then one of its images. 'drawn' images are
 * uniform with replacement, so that each has p_c / n_c, as WeightedRandomSampler with these weights. 'cycled' ones come
 * without replacement: all of a class, shuffled, before any comes again, as in the official ClassPrioritySampler.
 */
import {
  checkIntegers,
  checkOneOf,
  checkStrings,
  groupByClass,
  type LabelList,
  random,
} from '@longtail/core';
import { aliasTable } from './alias-table.ts';
import { classSpans, drawImages } from './draw.ts';
import { drawCycled } from './draw-cycled.ts';
import { checkEpoch, checkSeed, MOST_DRAWS, type SamplerOptions, type SamplerWithLaw } from './sampler.ts';

export interface WeightedOptions extends SamplerOptions {
  /** Images of a drawn class: with replacement, or cycled. Default 'drawn'. */
  readonly images?: 'drawn' | 'cycled';
  /** How many indices an epoch draws. Default N. */
  readonly length?: number;
}

type Law = Float64Array | ((epoch: number) => Float64Array);

/**
 * @param labels class of each image, shape [N]
 * @param options.epochs how many there are, if there is an end
 * @param options.law of the counts n_c: p_c, shape [C], 0 for classes without images; or p_c at each epoch
 */
export function weighted(
  name: string,
  labels: LabelList,
  options: WeightedOptions & { epochs?: number; law: (counts: Int32Array) => Law },
): SamplerWithLaw {
  const { seed, images = 'drawn', epochs, law } = options;
  checkSeed(seed);
  checkStrings({ name });
  checkOneOf({ images }, ['drawn', 'cycled']);
  const groups = groupByClass(labels);
  const spans = classSpans(groups);
  const { length = groups.order.length } = options;
  checkIntegers({ length }, { most: MOST_DRAWS });
  const lawAt = law(groups.counts);
  const table = typeof lawAt === 'function' ? undefined : aliasTable(lawAt);
  const probabilities = (epoch: number) => {
    checkEpoch(epoch, epochs);
    return typeof lawAt === 'function' ? lawAt(epoch) : lawAt.slice();
  };
  return {
    name,
    length,
    probabilities,
    indices(epoch) {
      checkEpoch(epoch, epochs);
      const cells = table ?? aliasTable(probabilities(epoch));
      const draw = images === 'drawn' ? drawImages : drawCycled;
      return draw(length, cells, spans, random(seed, name, epoch));
    },
  };
}
