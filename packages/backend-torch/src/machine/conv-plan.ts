/** Which convolutions the machine code is for, and how their work is cut. */
import type { ConvAttributes } from '../kernels/conv.ts';
import { divisor, FLOAT, type GroupedConv, type Layout, layoutOf, type Pair } from './grouped-conv.ts';
import { encodingHere, threadsHere } from './routine.ts';
import { forwardSweep, gradSweeps, type Sweep } from './sweeps.ts';
import type { Encoding } from './x64.ts';

/** Channels of a group up to which it was faster than oneDNN with the same instructions; with more it is as fast, or slower. */
const WIDEST = {
  forward: { vex: 32, evex: 32 },
  inputGrad: { vex: 32, evex: 32 },
  filterGrad: { vex: 32, evex: 8 },
} as const;
/** Bytes side by side that are copied at a time, and all that a thread copies of a unit: a part of a core's own cache. */
const SIDE_BY_SIDE = 256;
const COPIED = 2 ** 19;
/** Units for every thread, so that one that is held up does not hold up the others. */
const EACH = 4;
/** Of dX, each code of its own. */
const SWEEPS = 9;
/** Bytes of a line of the cache. */
const LINE = 64;
/** Offsets in instructions are numbers of 32 bits. */
export const FAR: number = 2 ** 31;

export interface Plan {
  readonly conv: GroupedConv;
  readonly layout: Layout;
  readonly sweeps: readonly Sweep[];
  readonly count: number;
  readonly threads: number;
}

export interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y: readonly number[];
}

/** How the work is cut. */
export interface Cut {
  /** Of the vectors; by default the widest of this CPU. */
  readonly encoding?: Encoding | undefined;
  /** By default as many as libtorch's operators run on. */
  readonly threads?: number | undefined;
}

type PlanOptions = Cut & { readonly pass?: keyof typeof WIDEST };

export const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, FLOAT);

const isFrom = (least: number) => (n: number) => Number.isInteger(n) && n >= least;

/** Whether these are pictures in groups, and nothing is cut away, empty, or out of an instruction's reach. */
function areMeant(
  { x, filter, y }: Shapes,
  { groups, strides, dilations, padding }: ConvAttributes,
): boolean {
  const channels = [filter[2]!, filter[3]! / groups];
  return (
    groups > 1 &&
    channels.every((n) => isFrom(4)(n) && n % 4 === 0) &&
    [x, filter, y].every((shape) => shape.length === 4 && bytesOf(shape) < FAR) &&
    [strides, dilations, padding].every(({ length }) => length === 2) &&
    [groups, ...x, ...filter, ...y, ...strides, ...dilations].every(isFrom(1)) &&
    padding.flat().every(isFrom(0))
  );
}

/**
 * For a convolution of x [N, H, W, C] with a filter [h, w, I, O] to y, or one of its gradients; undefined where it is oneDNN's to
 * compute, or to refuse.
 */
export function planOf(
  shapes: Shapes,
  how: ConvAttributes,
  { pass = 'forward', ...given }: PlanOptions = {},
): Plan | undefined {
  if (!areMeant(shapes, how)) return undefined;
  const { x, filter, y } = shapes as Readonly<
    Record<keyof Shapes, readonly [number, number, number, number]>
  >;
  const { groups, strides, dilations, padding } = how;
  const [inputs, outputs] = [filter[2], filter[3] / groups];
  const encoding = given.encoding ?? encodingHere();
  if (!encoding || Math.max(inputs, outputs) > WIDEST[pass][encoding]) return undefined;
  // A step that is longer than a picture is as one of its length, which fits in an instruction.
  const within = ([down, across]: readonly number[]): Pair => [
    Math.min(down!, x[1] + padding[0]![0] + padding[0]![1]),
    Math.min(across!, x[2] + padding[1]![0] + padding[1]![1]),
  ];
  const forward: GroupedConv = {
    size: [x[1], x[2]],
    window: [filter[0], filter[1]],
    groups,
    inputs,
    outputs,
    strides: within(strides),
    dilations: within(dilations),
    padding: [padding[0]!, padding[1]!],
    together: 1,
  };
  const { places } = layoutOf(forward, encoding);
  const fits = String([x[3], ...y]) === String([groups * filter[2], x[0], ...places, filter[3]]);
  if (!fits || (pass === 'inputGrad' && !isSwept(forward))) return undefined;
  const { alone, sweeps, result } = (pass === 'inputGrad' ? turned : straight)(forward, places);
  const layout = (conv: GroupedConv) => layoutOf(conv, encoding, result);
  const { copied } = layout(alone);
  const each = copied.x + (pass === 'filterGrad' ? copied.y : 0);
  if (each > COPIED) return undefined;
  const threads = given.threads ?? threadsHere();
  const most = Math.min(SIDE_BY_SIDE / FLOAT / alone.inputs, COPIED / each, (x[0] * groups) / threads / EACH);
  const conv = { ...alone, together: divisor(groups, most) };
  return { conv, layout: layout(conv), sweeps, count: x[0], threads };
}

/** Whether dX is worth its sweeps: at a stride, each writes lines of the cache here and there, and had better fill them. */
const isSwept = ({ strides: [down, across], inputs }: GroupedConv): boolean =>
  down * across === 1 || (down * across <= SWEEPS && inputs * FLOAT >= LINE);

/** What is convolved, in which sweeps, and height and width of the result. */
interface Way {
  readonly alone: GroupedConv;
  readonly sweeps: readonly Sweep[];
  readonly result: Pair;
}

const straight = (forward: GroupedConv, places: Pair): Way => ({
  alone: forward,
  sweeps: [forwardSweep(forward, places)],
  result: places,
});

/** dX as a convolution of dy: inputs and outputs exchanged, in as many sweeps as the strides want. */
function turned(forward: GroupedConv, places: Pair): Way {
  const { size, inputs, outputs } = forward;
  const { sweeps, zeros } = gradSweeps({ ...forward, size: places }, size);
  const alone = { ...forward, size: places, inputs: outputs, outputs: inputs, padding: zeros };
  return { alone, sweeps, result: size };
}

/** Into how many parts pictures are cut for a sum over them: units for every thread where their number allows it. */
export const partsOf = ({ conv, count, threads }: Plan): number =>
  divisor(count, Math.ceil((EACH * threads * conv.together) / conv.groups));
