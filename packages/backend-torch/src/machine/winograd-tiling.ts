/** How the pictures of a convolution by Winograd's way are cut into tiles, and where a thread keeps them. */
import { type Bytes, divisor, FLOAT, type Pair, vectorOf } from './grouped-conv.ts';
import type { Encoding } from './x64.ts';

/** A convolution of pictures with a 3x3 filter at stride 1. */
export interface WinogradConv {
  /** Height and width of a picture. */
  readonly size: Pair;
  /** Multiples of 4. */
  readonly inputs: number;
  readonly outputs: number;
  /** [before, after] of both axes, none below 0, and so that two places come out at least. */
  readonly padding: readonly [Pair, Pair];
}

/** The tiles of a picture are taken in bands of rows. */
export interface Tiling {
  readonly encoding: Encoding;
  /** Height and width of the result, and of a picture with its padding. */
  readonly places: Pair;
  readonly padded: Pair;
  /** Rows and columns of tiles in a band. */
  readonly tiles: Pair;
  readonly bands: number;
  /** Bytes of a vector of inputs; of one of outputs, and how many of these are summed at once (a block), for `run` tiles. */
  readonly bytesIn: Bytes;
  readonly bytes: Bytes;
  readonly vectors: number;
  /** Of what there are registers for at once: tiles; of dF's sums, inputs. */
  readonly run: number;
  /** Bytes from one transformed tile to the next, of x and of y. */
  readonly step: Readonly<Record<'x' | 'y', number>>;
  /** Bytes of a thread's own: the padded picture, the transformed tiles of x, and those of a block of y, or of all of it for dF. */
  readonly own: Readonly<Record<'picture' | 'x' | 'y', number>>;
}

/** Tiles that lie so many bytes apart would drive each other out of the first cache; moved aside by a line, they do not. */
const CLASH = 1024;
const ASIDE = 64;
/** Bytes of transformed tiles that are a part of a core's own cache. */
const TILES = 2 ** 19;
/** Tiles after which it is nothing any more that dF's sums are fetched and written back. */
const ENOUGH = 16;

const REGISTERS = { evex: 32, vex: 16 } as const;
/** Vectors of a block: EVEX multiplies with a float in memory, VEX had better use it twice when it has been fetched. */
const VECTORS = { evex: [1, 2], vex: [2, 1] } as const;

const stepOf = (channels: number): number => channels * FLOAT + ((channels * FLOAT) % CLASH ? 0 : ASIDE);

/** Of what the tiles are summed: y, or dX; or dF. */
export type Pass = 'sums' | 'filterGrad';

export function tilingOf(conv: WinogradConv, encoding: Encoding, { pass }: { pass: Pass }): Tiling {
  const { size, inputs, outputs, padding } = conv;
  const along = (axis: 0 | 1) => size[axis] + padding[axis][0] + padding[axis][1];
  const padded = [along(0), along(1)] as const;
  const places = [padded[0] - 2, padded[1] - 2] as const;
  const [rows, columns] = [Math.ceil(places[0] / 2), Math.ceil(places[1] / 2)];
  const [bytesIn, bytes] = [vectorOf(inputs, encoding), vectorOf(outputs, encoding)];
  const step = { x: stepOf(inputs), y: stepOf(outputs) };
  const picture = padded[0] * padded[1] * inputs * FLOAT;
  let best: Tiling | undefined;
  let most = 0;
  for (const vectors of VECTORS[encoding])
    for (let height = 1; height <= rows; height++) {
      if (rows % height || (outputs * FLOAT) % (vectors * bytes)) continue;
      const tiles = [height, columns] as const;
      const values = 16 * height * columns;
      const registers = Math.floor((REGISTERS[encoding] - 1) / vectors) - 1;
      const isSums = pass === 'sums';
      const run = divisor(isSums ? height * columns : inputs, registers);
      const own = { picture, x: values * step.x, y: values * (isSums ? vectors * bytes : step.y) };
      const sums = run * vectors * (isSums ? 1 : Math.min(height * columns, ENOUGH));
      const worth = own.x + own.y > TILES ? 0 : sums;
      if (best && worth <= most) continue;
      most = worth;
      best = {
        encoding,
        places,
        padded,
        tiles,
        bands: rows / height,
        bytesIn,
        bytes,
        vectors,
        run,
        step,
        own,
      };
    }
  return best!;
}

/** Bytes of a thread's own in all. */
export const ownBytes = ({ own: { picture, x, y } }: Tiling): number => picture + x + y;
