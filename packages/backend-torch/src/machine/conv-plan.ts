/** Which convolutions the machine code is for, and how their work is cut. */
import type { ConvAttributes } from '../kernels/conv.ts';
import { divisor, type GroupedConv, type Layout, layoutOf } from './grouped-conv.ts';
import { encodingHere, threadsHere } from './routine.ts';
import type { Encoding } from './x64.ts';

/** Channels of a group up to which it was faster than oneDNN with the same instructions; with more it is as fast, or slower. */
const WIDEST = { forward: { vex: 32, evex: 32 }, filterGrad: { vex: 32, evex: 8 } } as const;
/** Bytes side by side that are copied at a time, and all that a thread copies of a unit: a part of a core's own cache. */
const SIDE_BY_SIDE = 256;
const COPIED = 2 ** 19;
/** Units for every thread, so that one that is held up does not hold up the others. */
const EACH = 4;
/** Offsets in instructions are numbers of 32 bits. */
const FAR = 2 ** 31;

export interface Plan {
  readonly conv: GroupedConv;
  readonly layout: Layout;
  readonly count: number;
  readonly threads: number;
}

export interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y: readonly number[];
}

interface PlanOptions {
  readonly pass?: keyof typeof WIDEST;
  readonly encoding?: Encoding | undefined;
}

const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 4);

/**
 * For a convolution of x [N, H, W, C] with a filter [h, w, I, O] to y, or one of its gradients; undefined where it is oneDNN's to
 * compute, or to refuse.
 *
 * @param encoding of its vectors; by default the widest of this CPU
 */
export function planOf(
  { x, filter, y }: Shapes,
  { groups, strides, dilations, padding }: ConvAttributes,
  { pass = 'forward', encoding = encodingHere() }: PlanOptions = {},
): Plan | undefined {
  const [inputs, outputs] = [filter[2]!, filter[3]! / groups];
  const isMeant = groups > 1 && [inputs, outputs].every((n) => n > 0 && n % 4 === 0);
  if (!encoding || !isMeant || Math.max(inputs, outputs) > WIDEST[pass][encoding]) return undefined;
  const counts = [...x, ...filter, ...y, ...strides, ...dilations];
  const from = (least: number) => (n: number) => Number.isInteger(n) && n >= least;
  const isWhole = counts.every(from(1)) && padding.flat().every(from(0));
  if (!isWhole || [x, y, filter].some((shape) => bytesOf(shape) >= FAR)) return undefined;
  const alone: GroupedConv = {
    size: [x[1]!, x[2]!],
    window: [filter[0]!, filter[1]!],
    groups,
    inputs,
    outputs,
    strides: [strides[0]!, strides[1]!],
    dilations: [dilations[0]!, dilations[1]!],
    padding: [padding[0]!, padding[1]!],
    together: 1,
  };
  const { copied, places } = layoutOf(alone, encoding);
  const fits =
    x[3] === inputs * groups && [x[0], ...places, outputs * groups].every((n, axis) => n === y[axis]);
  const each = copied.x + copied.y;
  if (!fits || each > COPIED) return undefined;
  const threads = threadsHere();
  const most = Math.min(SIDE_BY_SIDE / 4 / inputs, COPIED / each, (x[0]! * groups) / threads / EACH);
  const conv = { ...alone, together: divisor(groups, most) };
  return { conv, layout: layoutOf(conv, encoding), count: x[0]!, threads };
}

/** Into how many parts pictures are cut for a sum over them: enough units for every thread, and no more. */
export function partsOf({ conv, count, threads }: Plan): number {
  let parts = Math.min(count, Math.ceil((EACH * threads * conv.together) / conv.groups));
  while (count % parts) parts++;
  return parts;
}
