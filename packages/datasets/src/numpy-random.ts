/**
 * NumPy's legacy generator, the one behind `numpy.random.seed` and `numpy.random.shuffle`: MT19937 (Matsumoto &
 * Nishimura 1998), bounded integers by masked rejection. Published subsets are defined by it; nothing else here uses it.
 */
const N = 624;
const M = 397;

/** @returns the next 32 bits of a stream started by `seed`, 0..2^32 - 1 */
function mt19937(seed: number): () => number {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  let at = N;
  function twist(): void {
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  }
  return () => {
    if (at === N) twist();
    let y = state[at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/** `numpy.random.seed(seed)`, then `numpy.random.shuffle` of each array it is given, in place. */
export function numpyShuffler(seed: number): (items: Int32Array) => Int32Array {
  const bits = mt19937(seed);
  return (items) => {
    for (let i = items.length - 1; i > 0; i--) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j = (bits() & mask) >>> 0;
      while (j > i) j = (bits() & mask) >>> 0;
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  };
}
