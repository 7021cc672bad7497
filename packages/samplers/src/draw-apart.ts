/**
 * Draws without replacement, each by the weights of what is left, as torch.multinomial(replacement=False): the smallest of the
 * keys e_i / w_i, ascending, with e_i exponential numbers (Efraimidis & Spirakis 2006). In logarithms, which weights of any
 * size have.
 */
import { checkIntegers, InputError, random } from '@longtail/core';
import { checkEpoch, checkSeed, MOST_DRAWS, type Sampler, type SamplerOptions } from './sampler.ts';

/** The first of a random order in which what weighs more tends to come first. @returns positions, shape [length] */
function firstOf(weights: Float64Array, length: number, bits: () => number): Int32Array {
  const keys = weights.map((w) => {
    const uniform = (bits() * 2 ** 21 + (bits() >>> 11)) * 2 ** -53; // in [0, 1), as fine as a double
    return Math.log(-Math.log1p(-uniform)) - Math.log(w);
  });
  const positions = Int32Array.from(weights.keys()).filter((i) => weights[i]! > 0);
  return positions.sort((a, b) => keys[a]! - keys[b]!).slice(0, length);
}

/**
 * @param weights of each image, or a function that gives them for an epoch, shape [N]
 * @param options.length of an epoch, at most the number of positive weights; default N
 */
export function drawnApart(
  name: string,
  weights: Float64Array | ((epoch: number) => Float64Array),
  options: SamplerOptions & { length?: number },
): Sampler {
  const { seed } = options;
  const weightsAt = (epoch: number): Float64Array =>
    typeof weights === 'function' ? weights(epoch) : weights;
  const first = weightsAt(0);
  const { length = first.length } = options;
  checkSeed(seed);
  checkIntegers({ length }, { most: MOST_DRAWS });
  const checked = (given: Float64Array): Float64Array => {
    const positive = given.reduce((count, w) => (w > 0 ? count + 1 : count), 0);
    if (length <= positive) return given;
    throw new InputError(
      `length must be at most the ${positive} images of a weight above 0, or one would come twice, but it is ${length}.`,
      { length, positive },
    );
  };
  checked(first);
  return {
    name,
    length,
    indices(epoch) {
      checkEpoch(epoch);
      return firstOf(checked(weightsAt(epoch)), length, random(seed, name, 'apart', epoch).bits);
    },
  };
}
