/**
 * A 3x3 convolution of stride 1 with 16 multiplications in the place of 36 for every 2x2 places: F(2x2, 3x3) of Lavin
 * and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015, arXiv:1509.09308), section 4.1,
 *   Y = A^T [ sum over Cin of (G g G^T) o (B^T d B) ] A
 * of a filter g, 3x3, and a tile d, 4x4, that shares two rows and two columns with the next. The sums are a product of
 * matrices, [tiles, Cin] x [Cin, Cout], for each of the 16 places of a transformed tile.
 */
import { call, optional } from '../dispatch.ts';
import { emptyHandle, type Handle, shapeOf } from '../handle.ts';
import { add, full, pad, permute, reshape, scoped, slice, type Use } from '../shims.ts';
import { channelsLast, channelsSecond, type Padding } from './spatial.ts';

type Four = readonly [Handle, Handle, Handle, Handle];

/** Which places of a tile a row of B^T takes, as a slice; the second is their mean and the others the last minus the first. */
const TAKEN = [
  { from: 0, to: 3, step: 2 },
  { from: 1, to: 3, step: 1 },
  { from: 1, to: 3, step: 1 },
  { from: 1, to: 4, step: 2 },
] as const;

/** B^T along the last axis, of four places; `to` has four there as well. */
function into(to: Handle, tiles: Handle): void {
  const axis = shapeOf(tiles).length - 1;
  scoped((use) => {
    TAKEN.forEach(({ from, to: end, step }, row) => {
      const target = use(slice(to, axis, row, row + 1));
      if (row !== 1) {
        const pair = use(slice(tiles, axis, from, end, step));
        use(call('aten::diff.out', pair, 1, axis, null, null, target));
      } else {
        const half = use(full([], 0.5, 'float32'));
        const [b, c] = [use(slice(tiles, axis, 1, 2)), use(slice(tiles, axis, 2, 3))];
        use(call('aten::lerp.Tensor_out', b, c, half, target));
      }
    });
  });
}

/** The rows of A^T. */
const OUT_OF: readonly ((m: Four) => Handle)[] = [
  ([a, b, c]) => scoped((use) => add(use(add(a, b)), c)),
  ([, b, c, d]) => scoped((use) => add(use(add(b, c, -1)), d)),
];

export interface WinogradOperands {
  /** Shape [N, H, W, Cin]. */
  readonly x: Handle;
  /** G g G^T, shape [16 Cout, Cin, 1, 1]. */
  readonly weight: Handle;
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

/** Tiles [N, rows, columns, 4, 4, Cin] of pictures, transformed. */
function tilesFrom(x: Handle, { padding, shape }: WinogradOptions): Handle {
  const [rows, columns] = [tilesOf(shape[1]!), tilesOf(shape[2]!)];
  const [count, height, width, inputs] = shapeOf(x) as [number, number, number, number];
  const [top, left] = padding.map(([before]) => before) as [number, number];
  const [below, right] = [2 * rows + 2 - height - top, 2 * columns + 2 - width - left];
  return scoped((use, own) => {
    const whole = use(
      pad(x, [
        [0, 0],
        [top, below],
        [left, right],
        [0, 0],
      ]),
    );
    const across = use(emptyHandle([count, 2 * rows + 2, columns, 4, inputs], 'float32'));
    into(use(permute(across, [0, 1, 2, 4, 3])), use(call('aten::unfold', whole, 2, 4, 2)));
    const tiles = own(emptyHandle([count, rows, columns, 4, 4, inputs], 'float32'));
    into(use(permute(tiles, [0, 1, 2, 4, 5, 3])), use(call('aten::unfold', across, 1, 4, 2)));
    return tiles;
  });
}

/**
 * The 16 products of matrices as one convolution in 16 groups. Tiles are the places of a single picture: of pictures of 49,
 * oneDNN takes a fifth longer. What every place of a tile gets once is the bias of place (1, 1).
 */
function product(tiles: Handle, { weight, bias }: WinogradOperands): Handle {
  return scoped((use) => {
    const [count, rows, columns, , , inputs] = shapeOf(tiles) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const outputs = shapeOf(weight)[0]! / 16;
    const flat = use(channelsSecond(use(reshape(tiles, [1, 1, count * rows * columns, 16 * inputs])), 2));
    const offset = bias ? optional(use(pad(bias, [[5 * outputs, 10 * outputs]]))) : null;
    const how = [[0, 0], [1, 1], [1, 1], 16, 'none', [], null] as const;
    const y = use(call('mkldnn::_convolution_pointwise', flat, weight, offset, ...how));
    return reshape(use(channelsLast(y, 2)), [count, rows, columns, 4, 4, outputs]);
  });
}

const alongAxis = (x: Handle, axis: number, use: Use): Four =>
  [0, 1, 2, 3].map((place) => use(slice(x, axis, place, place + 1))) as unknown as Four;

/** Writes the result's places of some pictures, every other row and column at a time. */
function fill(y: Handle, operands: WinogradOperands, options: WinogradOptions, zero: Handle): void {
  const [count, height, width, outputs] = shapeOf(y) as [number, number, number, number];
  scoped((use) => {
    const part = (x: Handle, [top, left]: readonly number[], step: number): Handle =>
      use(slice(use(slice(x, 1, top!, height, step)), 2, left!, width, step));
    const tiles = use(tilesFrom(operands.x, options));
    const places = alongAxis(use(product(tiles, operands)), 3, use);
    const grid = [count, tilesOf(height), tilesOf(width), outputs];
    for (const [row, ofRow] of OUT_OF.entries()) {
      const sums = alongAxis(use(ofRow(places)), 4, use);
      for (const [column, ofColumn] of OUT_OF.entries()) {
        const to = part(y, [row, column], 2);
        const [, rows, columns] = shapeOf(to) as [number, number, number, number];
        const all = use(reshape(use(ofColumn(sums)), grid));
        const own = use(slice(use(slice(all, 1, 0, rows)), 2, 0, columns));
        const { residual } = operands;
        const value = residual ? use(add(own, part(residual, [row, column], 2))) : own;
        if (options.isRelu) use(call('aten::maximum.out', value, zero, to));
        else use(call('aten::copy_', to, value, false));
      }
    }
  });
}

/** Tiles of one round at the most, if that is a picture: enough for fast products, and so few that they stay in the cache. */
const ROUND = 1024;

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
