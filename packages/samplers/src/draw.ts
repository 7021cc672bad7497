/** Draws with replacement: a class by its alias table, then one of its images uniformly. */
import { type Bits, type ClassGroups, favoursSmall, integer, remainder } from '@longtail/core';

const BLOCK = 4096;

/** The images by class, and where each class's begin and how many there are: [offset, count], shape [C, 2]. */
export interface ClassSpans {
  readonly order: Int32Array;
  readonly spans: Int32Array;
}

export function classSpans({ order, offsets, counts }: ClassGroups): ClassSpans {
  const spans = new Int32Array(2 * counts.length);
  counts.forEach((n, c) => {
    spans[2 * c] = offsets[c]!;
    spans[2 * c + 1] = n;
  });
  return { order, spans };
}

/** By two words, of which the first favours no cell. @param table as of aliasTable */
export function classOf(first: number, second: number, table: Int32Array): number {
  const cell = remainder(first, table.length >>> 1);
  return second >>> 8 < table[2 * cell]! ? cell : table[2 * cell + 1]!;
}

export function drawClass(bits: () => number, table: Int32Array): number {
  let first = bits();
  while (favoursSmall(first, table.length >>> 1)) first = bits();
  return classOf(first, bits(), table);
}

/** What a draw is. */
function drawImage(bits: () => number, table: Int32Array, { order, spans }: ClassSpans): number {
  const c = drawClass(bits, table);
  return order[spans[2 * c]! + integer(bits, spans[2 * c + 1]!)]!;
}

/**
 * The places in `order` of what {@link drawImage} draws, on words that were made at once, at a fifth of its time, as long as no
 * remainder would favour small results.
 *
 * @param words 3 a draw
 * @returns how many draws are done
 */
function drawPlaces(places: Int32Array, words: Uint32Array, table: Int32Array, spans: Int32Array): number {
  const cells = table.length >>> 1;
  for (let i = 0; i < places.length; i++) {
    const first = words[3 * i]!;
    const last = words[3 * i + 2]!;
    const c = classOf(first, words[3 * i + 1]!, table);
    const n = spans[2 * c + 1]!;
    if (favoursSmall(first, cells) || favoursSmall(last, n)) return i;
    places[i] = (spans[2 * c]! + remainder(last, n)) | 0;
  }
  return places.length;
}

/** In a loop of its own, since one so short waits for many distant places of memory at once. */
function look(places: Int32Array, count: number, order: Int32Array): void {
  for (let i = 0; i < count; i++) places[i] = order[places[i]!]!;
}

/** A draw of three words: one, and as many as words are there for until a remainder would favour small results. */
export interface Draw {
  one(bits: () => number): number;
  /** @returns how many were done */
  many(drawn: Int32Array, words: Uint32Array): number;
}

/** @returns what is drawn, shape [length] */
export function inBlocks(length: number, { one, many }: Draw, { bits, fillBits }: Bits): Int32Array {
  const drawn = new Int32Array(length);
  const words = new Uint32Array(3 * BLOCK);
  for (let start = 0; start < length; start += BLOCK) {
    const block = drawn.subarray(start, start + BLOCK);
    const size = 3 * block.length;
    fillBits(words, size);
    const done = many(block, words);
    let at = 3 * done;
    const next = () => (at < size ? words[at++]! : bits());
    for (let i = done; i < block.length; i++) block[i] = one(next);
  }
  return drawn;
}

/** @returns positions, shape [length] */
export function drawImages(
  length: number,
  table: Int32Array,
  images: ClassSpans,
  generator: Bits,
): Int32Array {
  const draw: Draw = {
    one: (bits) => drawImage(bits, table, images),
    many(drawn, words) {
      const done = drawPlaces(drawn, words, table, images.spans);
      look(drawn, done, images.order);
      return done;
    },
  };
  return inBlocks(length, draw, generator);
}
