/**
 * A grouped convolution of pictures whose channels come last, and how machine code for its one shape goes about it. There, the
 * channels of a group lie far apart, 64 bytes in every 2 kB for 16 of 512: read for every product, they drive each other out of
 * the cache, where steps of 2 kB meet 2 of its 64 sets. So a thread takes a few groups of a picture at a time (a unit), copies
 * them to where a group's places lie side by side, with zeros around, and sums from there in registers.
 */
import type { Encoding } from './x64.ts';

export type Pair = readonly [number, number];
export type Bytes = 16 | 32 | 64;

export interface GroupedConv {
  /** Height and width of a picture, and of the filter. */
  readonly size: Pair;
  readonly window: Pair;
  readonly groups: number;
  /** Channels of one group, multiples of 4. */
  readonly inputs: number;
  readonly outputs: number;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** [before, after] of both axes, none below 0. */
  readonly padding: readonly [Pair, Pair];
  /** How many groups a thread takes at a time, a divisor of `groups`. */
  readonly together: number;
}

export interface Layout {
  readonly encoding: Encoding;
  /** Height and width of the result, and of a picture with its padding. */
  readonly places: Pair;
  readonly padded: Pair;
  /** Bytes of a vector of outputs, how many of them are summed at once (a block), and blocks in a group. */
  readonly bytes: Bytes;
  readonly vectors: number;
  readonly blocks: number;
  /** How many sums of a block there are registers for, beside those of what is multiplied. */
  readonly sums: number;
  /** Bytes that a thread copies of a unit: of x, and of dy where it wants that too. */
  readonly copied: Readonly<Record<'x' | 'y', number>>;
}

export const FLOAT = 4;

/** The largest vector of which so many channels are made. */
export const vectorOf = (channels: number, encoding: Encoding): Bytes =>
  ([64, 32] as const).find((n) => (channels * FLOAT) % n === 0 && (n < 64 || encoding === 'evex')) ?? 16;

/** The largest number up to `most`, at least 1, that divides another. */
export function divisor(of: number, most: number): number {
  let found = Math.max(1, Math.min(of, Math.floor(most)));
  while (of % found) found--;
  return found;
}

/** @param result height and width of it, where that is not y */
export function layoutOf(conv: GroupedConv, encoding: Encoding, result?: Pair): Layout {
  const { size, window, inputs, outputs, strides, dilations, padding, together } = conv;
  const along = <T>(get: (axis: 0 | 1) => T): readonly [T, T] => [get(0), get(1)];
  const padded = along((axis) => size[axis] + padding[axis][0] + padding[axis][1]);
  const reach = along((axis) => dilations[axis] * (window[axis] - 1) + 1);
  const places = result ?? along((axis) => Math.floor((padded[axis] - reach[axis]) / strides[axis]) + 1);
  const bytes = vectorOf(outputs, encoding);
  const each = (outputs * FLOAT) / bytes;
  // EVEX multiplies with a float in memory; VEX spends an instruction and a register on it, which two vectors share.
  const vectors = encoding === 'vex' && each % 2 === 0 ? 2 : 1;
  const sums = encoding === 'evex' ? 30 : Math.floor((16 - vectors - 1) / vectors);
  const bytesOf = ([height, width]: Pair, channels: number) => together * height * width * channels * FLOAT;
  const copied = { x: bytesOf(padded, inputs), y: bytesOf(places, outputs) };
  return { encoding, places, padded, bytes, vectors, blocks: each / vectors, sums, copied };
}
