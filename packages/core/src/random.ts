/**
 * The one seeded generator behind every random number of Longtail: sfc32 (C. Doty-Humphrey, PractRand),
 * 128 bits of state, started from a seed and a path of keys, so that independent streams need no shared state:
 * `random(seed, 'sampler', epoch)` is the same stream whenever and wherever it is asked for.
 */
import { InputError } from './errors.ts';

export interface Random {
  /** The next 32 bits, an integer in [0, 2^32). */
  bits(): number;
  /** The next `count` of bits() at once, at a third of the cost of one at a time; default: as many as fit. */
  fillBits(into: Uint32Array, count?: number): void;
  /** Uniform in [0, 1), a multiple of 2^-24, so exact in float32. */
  uniform(): number;
  /** Uniform integer in [0, n), without bias. 1 <= n <= 2^32. */
  integer(n: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends Int32Array | Uint32Array | unknown[]>(items: T): T;
}

const KEY_START = 0x811c9dc5;
/** What a shuffle draws at once: 16 kB, which stay in the first cache. */
const BLOCK = new Uint32Array(4096);

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
 * Whether 32 bits are past the last whole multiple of n, where a remainder would favour small results: draw again.
 * The first comparison spares nearly every draw the remainder of doubles.
 */
export function favoursSmall(bits: number, n: number): boolean {
  return bits > 2 ** 32 - n && bits >= 2 ** 32 - (2 ** 32 % n);
}

/** bits % n for 32 bits and 1 <= n < 2^31, exactly: a division of doubles takes a quarter of the engine's `%`. */
export function remainder(bits: number, n: number): number {
  return (bits - Math.imul((bits / n) >>> 0, n)) | 0;
}

/**
 * A stream of random numbers.
 *
 * @param seed an integer, |seed| <= 2^53
 * @param keys what the stream is for: each distinct path gives an independent stream
 * @throws InputError when the seed or a numeric key is not a safe integer
 * @example
 * const order = random(0, 'sampler', epoch).shuffle(Int32Array.from({ length: n }, (_, i) => i));
 */
export function random(seed: number, ...keys: (number | string)[]): Random {
  for (const key of [seed, ...keys])
    if (typeof key === 'number' && !Number.isSafeInteger(key))
      throw new InputError(`a seed must be an integer, but ${key} was given.`, { seed, keys });
  let [a, b] = [KEY_START, ~KEY_START];
  for (const key of [seed, ...keys]) [a, b] = [absorb(a, key), absorb(b, key)];
  let [c, counter] = [0, 1];

  function bits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 16; i++) bits();

  function fillBits(into: Uint32Array, count: number = into.length): void {
    let [a1, b1, c1, counter1] = [a, b, c, counter]; // locals stay in registers, what a closure holds does not
    for (let i = 0; i < count; i++) {
      const sum = (a1 + b1 + counter1) | 0;
      counter1 = (counter1 + 1) | 0;
      a1 = b1 ^ (b1 >>> 9);
      b1 = (c1 + (c1 << 3)) | 0;
      c1 = (((c1 << 21) | (c1 >>> 11)) + sum) | 0;
      into[i] = sum;
    }
    [a, b, c, counter] = [a1, b1, c1, counter1];
  }

  function integer(n: number): number {
    let value = bits();
    while (favoursSmall(value, n)) value = bits();
    return n < 2 ** 31 ? remainder(value, n) : value % n;
  }

  function shuffle<T extends Int32Array | Uint32Array | unknown[]>(items: T): T {
    let i = items.length - 1;
    while (i > 0) {
      const size = Math.min(BLOCK.length, i);
      fillBits(BLOCK, size);
      let at = 0;
      for (const end = i - size; i > end; i--) {
        let value: number;
        do value = at < size ? BLOCK[at++]! : bits();
        while (favoursSmall(value, i + 1));
        const j = remainder(value, i + 1);
        const item = items[i]!;
        items[i] = items[j]!;
        items[j] = item;
      }
    }
    return items;
  }
  let spare = Number.NaN;
  return {
    bits,
    fillBits,
    uniform: () => (bits() >>> 8) * 2 ** -24,
    integer,
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
    shuffle,
  };
}
