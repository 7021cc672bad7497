/** Which convolutions winograd-sums.ts is for, and how their pictures are cut into tiles. */
import type { ConvAttributes } from '../kernels/conv.ts';
import { divisor, FLOAT, type Pair, vectorOf } from './grouped-conv.ts';
import { encodingHere, threadsHere } from './routine.ts';
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
  readonly bytesIn: 16 | 32 | 64;
  readonly bytes: 16 | 32 | 64;
  readonly vectors: number;
  readonly run: number;
  /** Bytes from one transformed tile to the next. */
  readonly step: number;
  /** Bytes of a thread's own: the padded picture, its transformed tiles, their sums. */
  readonly own: Readonly<Record<'picture' | 'tiles' | 'sums', number>>;
}

const REGISTERS = { evex: 32, vex: 16 } as const;

export function tilingOf({ size, inputs, outputs, padding }: WinogradConv, encoding: Encoding): Tiling {
  const along = (axis: 0 | 1) => size[axis] + padding[axis][0] + padding[axis][1];
  const padded = [along(0), along(1)] as const;
  const places = [padded[0] - 2, padded[1] - 2] as const;
  const [rows, columns] = [Math.ceil(places[0] / 2), Math.ceil(places[1] / 2)];
  const bytes = vectorOf(outputs, encoding);
  const bytesIn = vectorOf(inputs, encoding);
  const step = inputs * FLOAT + ((inputs * FLOAT) % CLASH ? 0 : ASIDE);
  const picture = padded[0] * padded[1] * inputs * FLOAT;
  let best: Tiling | undefined;
  for (const vectors of encoding === 'evex' ? [1, 2] : [2, 1])
    for (let height = 1; height <= rows; height++) {
      if (rows % height || (outputs * FLOAT) % (vectors * bytes)) continue;
      const most = Math.floor((REGISTERS[encoding] - 1) / vectors) - 1;
      const run = divisor(height * columns, most);
      const values = 16 * height * columns;
      const own = { picture, tiles: values * step, sums: values * vectors * bytes };
      if (best && (own.tiles > TILES || run * vectors <= best.run * best.vectors)) continue;
      const tiles = [height, columns] as const;
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

/** Tiles that lie so many bytes apart would drive each other out of the first cache; moved aside by a line, they do not. */
const CLASH = 1024;
const ASIDE = 64;
/** Bytes of transformed tiles, at the most: a part of a core's own cache. */
const TILES = 2 ** 19;

export interface WinogradPlan {
  readonly conv: WinogradConv;
  readonly tiling: Tiling;
  readonly count: number;
  readonly threads: number;
}

interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y: readonly number[];
}

interface PlanOptions {
  /** Of the vectors; by default the widest of this CPU. */
  readonly encoding?: Encoding | undefined;
  /** By default as many as libtorch's operators run on. */
  readonly threads?: number | undefined;
}

/** Offsets in instructions are numbers of 32 bits. */
const FAR = 2 ** 31;
/** Bytes that a thread keeps, at the most, and of a transformed filter, which is read anew for every band. */
const OWN = 2 ** 22;
const FILTER = { evex: 2 ** 24, vex: 2 ** 22 } as const;

const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, FLOAT);

/** Whether these are pictures in one group, whose 3x3 filter goes everywhere, and nothing is cut away or empty. */
function areMeant(
  { x, filter, y }: Shapes,
  { strides, dilations, padding, groups }: ConvAttributes,
): boolean {
  const [inputs, outputs] = [x[3]!, filter[3]!];
  return (
    [x, filter, y].every((shape) => shape.length === 4 && bytesOf(shape) < FAR) &&
    String(filter) === String([3, 3, inputs, outputs]) &&
    [groups, ...strides, ...dilations].every((n) => n === 1) &&
    [inputs, outputs].every((n) => n >= 4 && n % 4 === 0) &&
    padding.length === 2 &&
    padding.flat().every((n) => Number.isInteger(n) && n >= 0) &&
    [x[0]!, x[1]!, x[2]!].every((n) => n >= 1)
  );
}

/** For a convolution of x [N, H, W, C] with a filter [3, 3, C, O] to y; undefined where this is no way to compute it. */
export function winogradPlan(
  shapes: Shapes,
  how: ConvAttributes,
  given: PlanOptions = {},
): WinogradPlan | undefined {
  if (!areMeant(shapes, how)) return undefined;
  const [count, height, width, inputs] = shapes.x as [number, number, number, number];
  const outputs = shapes.filter[3]!;
  const [down, across] = how.padding as [Pair, Pair];
  const places = [height + down[0] + down[1] - 2, width + across[0] + across[1] - 2] as const;
  const encoding = given.encoding ?? encodingHere();
  const fits = String(shapes.y) === String([count, ...places, outputs]) && Math.min(...places) >= 2;
  if (!encoding || !fits || bytesOf([16, inputs, outputs]) > FILTER[encoding]) return undefined;
  const conv = { size: [height, width], inputs, outputs, padding: [down, across] } as const;
  const tiling = tilingOf(conv, encoding);
  const { picture, tiles, sums } = tiling.own;
  if (picture + tiles + sums > OWN) return undefined;
  return { conv, tiling, count, threads: given.threads ?? threadsHere() };
}
