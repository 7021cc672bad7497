/**
 * The one seeded generator behind every random number of Longtail: sfc32 (C. Doty-Humphrey, PractRand),
 * 128 bits of state, started from a seed and a path of keys, so that independent streams need no shared state:
 * `random(seed, 'sampler', epoch)` is the same stream whenever and wherever it is asked for.
 */
import { checkIntegers, checkLists } from './checks.ts';
import { InputError } from './errors.ts';
import { integer, shuffle } from './integer.ts';
import { type Bits, sfc32 } from './sfc32.ts';
import { shown } from './shown.ts';

export interface Random extends Bits {
  /** Uniform in [0, 1), a multiple of 2^-24, so exact in float32. */
  uniform(): number;
  /** Uniform integer in [0, n), without bias. @param n an integer, 1 <= n <= 2^32 */
  integer(n: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends Int32Array | Uint32Array | unknown[]>(items: T): T;
}

const KEY_START = 0x811c9dc5;

/** The finaliser of MurmurHash3: each bit of the input changes half of the output's. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function absorb(hash: number, key: number | string): number {
  if (typeof key === 'number') return mix(mix(hash ^ (key | 0)) + Math.floor(key / 2 ** 32));
  let h = mix(hash + key.length);
  for (let i = 0; i < key.length; i++) h = mix(h ^ key.charCodeAt(i));
  return h;
}

/**
 * A stream of random numbers.
 *
 * @param seed an integer, |seed| <= 2^53
 * @param keys what the stream is for: each distinct path gives an independent stream
 * @throws InputError when the seed is not a safe integer, or a key neither one nor a string
 * @example
 * const order = random(0, 'sampler', epoch).shuffle(Int32Array.from({ length: n }, (_, i) => i));
 */
export function random(seed: number, ...keys: (number | string)[]): Random {
  for (const key of [seed, ...keys.filter((key) => typeof key !== 'string')])
    if (!Number.isSafeInteger(key))
      throw new InputError(`a seed must be an integer, but ${shown(key)} was given.`, { seed, keys });
  let [a, b] = [KEY_START, ~KEY_START];
  for (const key of [seed, ...keys]) [a, b] = [absorb(a, key), absorb(b, key)];
  const generator = sfc32(a, b);
  const { bits } = generator;
  let spare = Number.NaN;
  return {
    ...generator,
    uniform: () => (bits() >>> 8) * 2 ** -24,
    integer(n) {
      if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) checkIntegers({ n }, { most: 2 ** 32 });
      return integer(bits, n);
    },
    shuffle(items) {
      checkLists({ items });
      return shuffle(items, generator);
    },
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(((bits() >>> 8) + 1) * 2 ** -24));
      const angle = 2 * Math.PI * (bits() * 2 ** -32);
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}
