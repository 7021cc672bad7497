/**
 * Capped sampling: of each class min(n_c, cap) images an epoch, drawn anew WITHOUT replacement, all in random order:
 * random under-sampling of the head, where cap = n_min is the plain one (Buda et al. 2018). The class law,
 * p_c = min(n_c, cap) / sum_i min(n_i, cap), is met exactly by every epoch.
 */
import { checkIntegers, checkOptions, groupByClass, type LabelList, random } from '@longtail/core';
import { lawOf } from './class-law.ts';
import { checkEpoch, checkSeed, type SamplerOptions, type SamplerWithLaw } from './sampler.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]; an epoch has sum_c min(n_c, cap)
 * @param options.cap the most images of a class an epoch, an integer >= 1
 * @throws InputError for bad labels or cap
 * @example
 * capped([0, 0, 0, 1], { cap: 2, seed: 0 }).length; // 3
 */
export function capped(labels: LabelList, options: SamplerOptions & { cap: number }): SamplerWithLaw {
  const { cap, seed } = checkOptions(options, { of: 'capped' });
  checkIntegers({ cap });
  checkSeed(seed);
  const { order, offsets, counts } = groupByClass(labels);
  const length = counts.reduce((sum, n) => sum + Math.min(n, cap), 0);
  return {
    name: 'capped',
    length,
    probabilities(epoch) {
      checkEpoch(epoch);
      return lawOf(counts, (n) => Math.min(n, cap));
    },
    indices(epoch) {
      checkEpoch(epoch);
      const { integer, shuffle } = random(seed, 'capped', epoch);
      const images = order.slice();
      const kept = new Int32Array(length);
      let filled = 0;
      for (let c = 0; c < counts.length; c++) {
        const [start, n] = [offsets[c]!, counts[c]!];
        // The first steps of a Fisher-Yates shuffle are a draw without replacement.
        for (let i = 0; i < n && i < cap; i++) {
          const j = n > cap ? i + integer(n - i) : i;
          kept[filled++] = images[start + j]!;
          images[start + j] = images[start + i]!;
        }
      }
      return shuffle(kept);
    },
  };
}
