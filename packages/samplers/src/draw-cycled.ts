/**
 * Draws a class by its alias table, then the next of its shuffled images: one step of Fisher-Yates a draw, from the images
 * that the cycle has not given yet. A cycle that is through begins again on the same list, whose order is as good as any.
 */
import { type Bits, favoursSmall, integer, remainder } from '@longtail/core';
import { type ClassSpans, classOf, drawClass, inBlocks } from './draw.ts';

/** Where each class's cycle stands: images[next[c]] up to the end of its span are still to come. */
interface Cycles {
  readonly images: Int32Array;
  readonly next: Int32Array;
  readonly spans: Int32Array;
}

const left = (c: number, { next, spans }: Cycles): number =>
  (spans[2 * c]! + spans[2 * c + 1]! - next[c]!) | 0;

/** The image of a class that is so many places on from the next; it changes places with that one. */
function give(c: number, step: number, { images, next, spans }: Cycles): number {
  const at = next[c]!;
  const place = (at + step) | 0;
  const image = images[place]!;
  images[place] = images[at]!;
  images[at] = image;
  next[c] = at + 1 === spans[2 * c]! + spans[2 * c + 1]! ? spans[2 * c]! : at + 1;
  return image;
}

/** What a draw is. */
function drawNext(bits: () => number, table: Int32Array, cycles: Cycles): number {
  const c = drawClass(bits, table);
  return give(c, integer(bits, left(c, cycles)), cycles);
}

/** What {@link drawNext} draws, on words that were made at once; @returns how many are done */
function drawMany(drawn: Int32Array, words: Uint32Array, table: Int32Array, cycles: Cycles): number {
  const cells = table.length >>> 1;
  for (let i = 0; i < drawn.length; i++) {
    const first = words[3 * i]!;
    const last = words[3 * i + 2]!;
    const c = classOf(first, words[3 * i + 1]!, table);
    const n = left(c, cycles);
    if (favoursSmall(first, cells) || favoursSmall(last, n)) return i;
    drawn[i] = give(c, remainder(last, n), cycles);
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
