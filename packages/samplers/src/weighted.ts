/**
 * Drawing with replacement: a class by its probability, then one of its images uniformly, which is what
 * WeightedRandomSampler with weights p_c / n_c an image does in the reference code.
 */
import { asLabels, classCounts, InputError, indicesByClass, random } from '@longtail/core';
import { checkEpoch, type SamplerOptions, type WeightedSampler } from './sampler.ts';

/** Divides by the sum. @throws InputError when no weight is positive */
function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) throw new InputError(`class weights must have a positive sum, but it is ${sum}.`, { sum });
  return weights.map((weight) => weight / sum);
}

/** p_c = n_c^q / sum_i n_i^q (equation 1); classes without images have 0 for every q. */
export function powerLawProbabilities(counts: ArrayLike<number>, q: number): Float64Array {
  return normalised(Float64Array.from(counts, (n) => (n === 0 ? 0 : n ** q)));
}

/** Walker's alias table: a class for one uniform number in constant time. */
function aliasTable(probabilities: Float64Array): { threshold: Float64Array; alias: Int32Array } {
  const n = probabilities.length;
  const threshold = probabilities.map((p) => p * n);
  const alias = Int32Array.from({ length: n }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  threshold.forEach((t, i) => (t < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const [s, l] = [small.pop()!, large.at(-1)!];
    alias[s] = l;
    threshold[l]! -= 1 - threshold[s]!;
    if (threshold[l]! < 1) small.push(large.pop()!);
  }
  // Rounding leaves some just beside 1: an entry of its own, unless the class can never be drawn.
  for (const i of [...small, ...large]) threshold[i] = 1;
  return { threshold, alias };
}

/**
 * A sampler from the class law of each epoch.
 *
 * @param labels class of each image, shape [N]; an epoch draws N
 * @param options.probabilities p_c at an epoch, shape [C], 0 for classes without images
 */
export function weighted(
  name: string,
  labels: ArrayLike<number>,
  {
    seed,
    epochs,
    probabilities,
  }: SamplerOptions & { epochs?: number; probabilities: (epoch: number, counts: Int32Array) => Float64Array },
): WeightedSampler {
  const checked = asLabels(labels);
  const counts = classCounts(checked);
  const byClass = indicesByClass(checked);
  const law = (epoch: number) => {
    checkEpoch(epoch, epochs);
    return probabilities(epoch, counts);
  };
  return {
    name,
    length: checked.length,
    probabilities: law,
    indices(epoch) {
      const { threshold, alias } = aliasTable(law(epoch));
      const { uniform, integer } = random(seed, name, epoch);
      const drawn = new Int32Array(checked.length);
      for (let i = 0; i < drawn.length; i++) {
        const cell = integer(threshold.length);
        const images = byClass[uniform() < threshold[cell]! ? cell : alias[cell]!]!;
        drawn[i] = images[integer(images.length)]!;
      }
      return drawn;
    },
  };
}
