/** Which convolutions Winograd's way is for, and about how much faster than oneDNN's direct one it is. */
import type { ConvAttributes } from '../kernels/conv.ts';
import { bytesOf, type Cut, FAR, type Shapes } from './conv-plan.ts';
import { divisor, type Pair } from './grouped-conv.ts';
import { encodingHere, threadsHere } from './routine.ts';
import { ownBytes, type Pass, type Tiling, tilingOf, type WinogradConv } from './winograd-tiling.ts';

export interface WinogradPlan {
  readonly pass: Pass;
  readonly conv: WinogradConv;
  readonly tiling: Tiling;
  readonly count: number;
  readonly threads: number;
  /** Into how many parts the batch is cut, which threads take in turn: pictures; for dF, some pictures each. */
  readonly units: number;
}

type PlanOptions = Cut & { readonly pass?: Pass };

/** Bytes that a thread keeps, at the most. */
const OWN = 2 ** 22;
/** Bytes of a transformed filter: it is read anew for every band, and dF's is also written. */
const LARGEST = {
  sums: { evex: 2 ** 24, vex: 2 ** 22 },
  filterGrad: { evex: 2 ** 20, vex: 2 ** 20 },
} as const;

/** Units of dF for every thread, so that one that is held up does not hold up the others, and bytes of all their sums. */
const EACH = 4;
const SUMMED = 2 ** 25;

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
  { pass = 'sums', ...given }: PlanOptions = {},
): WinogradPlan | undefined {
  if (!areMeant(shapes, how)) return undefined;
  const [count, height, width, inputs] = shapes.x as [number, number, number, number];
  const outputs = shapes.filter[3]!;
  const [down, across] = how.padding as [Pair, Pair];
  const places = [height + down[0] + down[1] - 2, width + across[0] + across[1] - 2] as const;
  const encoding = given.encoding ?? encodingHere();
  const fits = String(shapes.y) === String([count, ...places, outputs]) && places.every((n) => n >= 2);
  if (!encoding || !fits || bytesOf([16, inputs, outputs]) > LARGEST[pass][encoding]) return undefined;
  if (bytesOf([places[0] + 2, places[1] + 2, inputs]) > OWN) return undefined;
  const conv = { size: [height, width], inputs, outputs, padding: [down, across] } as const;
  const tiling = tilingOf(conv, encoding, { pass });
  if (ownBytes(tiling) > OWN) return undefined;
  const threads = given.threads ?? threadsHere();
  const most = Math.min(EACH * threads, SUMMED / bytesOf([16, inputs, outputs]));
  const units = pass === 'sums' ? count : divisor(count, most);
  return { pass, conv, tiling, count, threads, units };
}

/**
 * In multiply-adds of the direct convolution, 9 Cin Cout for every place: 16 Cin Cout a tile, PASS for each of the 16 (Cin + Cout)
 * values of a tile that the transforms write and read, and FILTER for each of the 16 Cin Cout of the transformed filter.
 * Measured on two cores with AVX-512, 16 to 512 channels, 7 to 112 places; with AVX2 as much is gained over oneDNN with AVX2.
 */
const PASS = { sums: 5, filterGrad: 9 } as const;
const FILTER = 80;
/** Sums that must be under way at once, or each waits for its own last product. */
const UNDER_WAY = 8;

/** About how many times as fast as the direct convolution. */
export function winogradSpeed({ pass, conv, tiling, count, threads, units }: WinogradPlan): number {
  const { inputs, outputs } = conv;
  const { places, tiles: band, bands, run, vectors } = tiling;
  const pairs = inputs * outputs;
  const tiles = count * band[0] * band[1] * bands;
  const products = pairs * Math.max(1, UNDER_WAY / (run * vectors));
  const work = 16 * (tiles * (products + PASS[pass] * (inputs + outputs)) + FILTER * pairs);
  // A unit is not shared out among threads.
  const share = units / threads / Math.ceil(units / threads);
  return (share * 9 * pairs * count * places[0] * places[1]) / work;
}
