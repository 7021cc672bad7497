/** Integers and shuffles without bias, from 32 random bits at a time. */
import type { Bits } from './sfc32.ts';

/** What a shuffle draws at once: 16 kB, which stay in the first cache. */
const BLOCK = new Uint32Array(4096);

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

/** Uniform in [0, n), 1 <= n <= 2^32. */
export function integer(bits: () => number, n: number): number {
  let value = bits();
  while (favoursSmall(value, n)) value = bits();
  return n < 2 ** 31 ? remainder(value, n) : value % n;
}

/** Fisher-Yates, in place: item i, from the last on, changes places with item integer(i + 1). */
export function shuffle<T extends Int32Array | Uint32Array | unknown[]>(
  items: T,
  { bits, fillBits }: Bits,
): T {
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
