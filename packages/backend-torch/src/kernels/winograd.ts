/**
 * A 3x3 convolution of stride 1 with 16 multiplications in the place of 36 for every 2x2 places: F(2x2, 3x3) of Lavin
 * and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015, arXiv:1509.09308), section 4.1,
 *   Y = A^T [ sum over Cin of (G g G^T) o (B^T d B) ] A
 * of a filter g, 3x3, and a tile d, 4x4, that shares two rows and two columns with the next. The sums are a product of
 * matrices, [tiles, Cin] x [Cin, Cout], for each of the 16 places of a transformed tile.
 */
import { call, optional } from '../dispatch.ts';
import { emptyHandle, type Handle, shapeOf } from '../handle.ts';
import { add, full, pad, reshape, scoped, slice, type Use } from '../shims.ts';
import { channelsLast, channelsSecond, type Padding } from './spatial.ts';

type Four = readonly [Handle, Handle, Handle, Handle];
const four = (of: (place: number) => Handle): Four => [of(0), of(1), of(2), of(3)];

/** The rows of B^T. */
const INTO: readonly ((d: Four) => Handle)[] = [
  ([a, , c]) => add(a, c, -1),
  ([, b, c]) => add(b, c),
  ([, b, c]) => add(c, b, -1),
  ([, b, , d]) => add(b, d, -1),
];

/** The rows of A^T. */
const OUT_OF: readonly ((m: Four) => Handle)[] = [
  ([a, b, c]) => scoped((use) => add(use(add(a, b)), c)),
  ([, b, c, d]) => scoped((use) => add(use(add(b, c, -1)), d, -1)),
];

export interface WinogradOperands {
  /** Shape [N, H, W, Cin]. */
  readonly x: Handle;
  /** G g G^T: 16 of shape [Cout, Cin, 1, 1]. */
  readonly weights: readonly Handle[];
  /** Shape [Cout]. */
  readonly bias?: Handle | undefined;
  /** Of the shape of the result. */
  readonly residual?: Handle | undefined;
}

export interface WinogradOptions {
  readonly padding: Padding;
  /** The result's: [N, Hout, Wout, Cout]. */
  readonly shape: readonly number[];
  readonly isRelu?: boolean | undefined;
}

/** Tiles along an axis, where the last may reach past the end. */
export const tilesOf = (places: number): number => Math.ceil(places / 2);

/** A filter of one place; tiles as the places of a single picture: of pictures of 49, oneDNN takes a fifth longer. */
function product(tiles: Handle, weight: Handle, bias: Handle | undefined): Handle {
  return scoped((use) => {
    const flat = use(channelsSecond(use(reshape(tiles, [1, 1, -1, shapeOf(tiles).at(-1)!])), 2));
    const offset = bias ? optional(bias) : null;
    const how = [[0, 0], [1, 1], [1, 1], 1] as const;
    return call('mkldnn::_convolution_pointwise', flat, weight, offset, ...how, 'none', [], null);
  });
}

/** The first, second, third and fourth line of all tiles along an axis. */
const linesOf = (x: Handle, axis: number, tiles: number, use: Use): Four =>
  four((from) => use(slice(x, axis, from, from + 2 * tiles - 1, 2)));

/** A^T [ ... ], a row of it each: four of shape [1, Cout, 1, tiles], column by column, so that little is held at a time. */
function rowSums(
  { x, weights, bias }: WinogradOperands,
  { padding, shape }: WinogradOptions,
  use: Use,
): Four[] {
  const [rows, columns] = [tilesOf(shape[1]!), tilesOf(shape[2]!)];
  const [, height, width] = shapeOf(x);
  const [top, left] = padding.map(([before]) => before) as [number, number];
  return scoped((inner) => {
    const bottom = 2 * rows + 2 - height! - top;
    const right = 2 * columns + 2 - width! - left;
    const whole = inner(
      pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    );
    const across = linesOf(whole, 2, columns, inner);
    const sums = INTO.map((ofColumns, j) =>
      scoped((passing) => {
        const down = linesOf(passing(ofColumns(across)), 1, rows, passing);
        const products = four((i) => {
          const own = i === 1 && j === 1 ? bias : undefined; // what every place of a tile gets once
          return passing(scoped((brief) => product(brief(INTO[i]!(down)), weights[4 * i + j]!, own)));
        });
        return OUT_OF.map((sum) => use(sum(products)));
      }),
    );
    return OUT_OF.map((_, row) => four((j) => sums[j]![row]!));
  });
}

/** Writes the result's places of some pictures, every other row and column at a time. */
function fill(y: Handle, operands: WinogradOperands, options: WinogradOptions, zero: Handle): void {
  const [count, height, width, outputs] = shapeOf(y) as [number, number, number, number];
  scoped((use) => {
    const part = (x: Handle, [top, left]: readonly number[], step: number): Handle =>
      use(slice(use(slice(x, 1, top!, height, step)), 2, left!, width, step));
    const grid = [count, tilesOf(height), tilesOf(width), outputs];
    for (const [row, sums] of rowSums(operands, options, use).entries())
      for (const [column, sum] of OUT_OF.entries()) {
        const to = part(y, [row, column], 2);
        const [, rows, columns] = shapeOf(to) as [number, number, number, number];
        const tiles = use(reshape(use(channelsLast(use(sum(sums)), 2)), grid));
        const places = use(slice(use(slice(tiles, 1, 0, rows)), 2, 0, columns));
        const { residual } = operands;
        const value = residual ? use(add(places, part(residual, [row, column], 2))) : places;
        if (options.isRelu) use(call('aten::maximum.out', value, zero, to));
        else use(call('aten::copy_', to, value, false));
      }
  });
}

/**
 * Tiles of one round at the most, if that is a picture. More would take more memory; with half as many, threads wait twice
 * as often for one that another process has put off its core.
 */
const ROUND = 2048;

/** Pictures of one round; all have as many, for which the filter is packed, so the last may do some of another's again. */
export function roundOf([count, height, width]: readonly number[]): { pictures: number; tiles: number } {
  const each = tilesOf(height!) * tilesOf(width!);
  const pictures = Math.ceil(count! / Math.ceil((count! * each) / ROUND));
  return { pictures, tiles: pictures * each };
}

/** Stride 1, one group; Cin and Cout at least 1. */
export function winograd(operands: WinogradOperands, options: WinogradOptions): Handle {
  const count = options.shape[0]!;
  const { pictures } = roundOf(options.shape);
  return scoped((use, own) => {
    const y = own(emptyHandle(options.shape, 'float32'));
    const zero = use(full([], 0, 'float32'));
    for (let done = 0; done < count; done += pictures) {
      const from = Math.min(done, count - pictures);
      const some = (all: Handle): Handle => use(slice(all, 0, from, from + pictures));
      const { x, residual } = operands;
      fill(some(y), { ...operands, x: some(x), residual: residual && some(residual) }, options, zero);
    }
    return y;
  });
}
