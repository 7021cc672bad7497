/**
 * Draws a class by its alias table, then the next of its shuffled images: one step of Fisher-Yates a draw, from the images
 * that the cycle has not given yet. A cycle that is through begins again on the same list, whose order is as good as any.
 */
import { type Bits, favoursSmall, integer, remainder } from '@longtail/core';
import { type ClassSpans, drawClass, inBlocks } from './draw.ts';

/** Where each class's cycle stands: images[next[c]] up to the end of its span are still to come. */
interface Cycles {
  readonly images: Int32Array;
  readonly next: Int32Array;
  readonly spans: Int32Array;
}

/** What a draw is. */
function drawNext(bits: () => number, table: Int32Array, { images, next, spans }: Cycles): number {
  const c = drawClass(bits, table);
  const at = next[c]!;
  const left = spans[2 * c]! + spans[2 * c + 1]! - at;
  const place = at + integer(bits, left);
  const image = images[place]!;
  images[place] = images[at]!;
  images[at] = image;
  next[c] = left === 1 ? spans[2 * c]! : at + 1;
  return image;
}

/** What {@link drawNext} draws, on words that were made at once, written out for its speed; @returns how many are done */
function drawMany(
  drawn: Int32Array,
  words: Uint32Array,
  table: Int32Array,
  { images, next, spans }: Cycles,
): number {
  const cells = table.length >>> 1;
  for (let i = 0; i < drawn.length; i++) {
    const first = words[3 * i]!;
    const last = words[3 * i + 2]!;
    const cell = remainder(first, cells);
    const c = words[3 * i + 1]! >>> 8 < table[2 * cell]! ? cell : table[2 * cell + 1]!;
    const at = next[c]!;
    const offset = spans[2 * c]!;
    const left = (offset + spans[2 * c + 1]! - at) | 0;
    if (favoursSmall(first, cells) || favoursSmall(last, left)) return i;
    const place = (at + remainder(last, left)) | 0;
    const image = images[place]!;
    images[place] = images[at]!;
    images[at] = image;
    next[c] = left === 1 ? offset : at + 1;
    drawn[i] = image;
  }
  return drawn.length;
}

/** @returns positions, shape [length] */
export function drawCycled(
  length: number,
  table: Int32Array,
  { order, spans }: ClassSpans,
  generator: Bits,
): Int32Array {
  const next = Int32Array.from({ length: spans.length >>> 1 }, (_, c) => spans[2 * c]!);
  const cycles: Cycles = { images: order.slice(), next, spans };
  const draw = {
    one: (bits: () => number) => drawNext(bits, table, cycles),
    many: (drawn: Int32Array, words: Uint32Array) => drawMany(drawn, words, table, cycles),
  };
  return inBlocks(length, draw, generator);
}
