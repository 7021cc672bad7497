/**
 * Places of a result that are summed alike. y = conv(x) is one sweep. dX at stride s is one for each remainder of a place by s:
 *   dx[n, i, j, c] = sum over u, v, o of dy[n, (i + top - d u) / s, (j + left - d v) / s, o] f[u, v, c, o]
 * where those divisions leave nothing over, so of the window every s-th row and column at the most.
 */
import type { GroupedConv, Pair } from './grouped-conv.ts';

/** Along one axis. */
interface Line {
  /** Places: the first of the result, how far it is to the next, and how many they are. */
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** Rows (columns) of the window that they are summed over, likewise. */
  readonly window: Readonly<Record<'first' | 'step' | 'count', number>>;
  /** Of what is summed: the first place's for the first of the window, how far the next place's is, and that for the next of the window. */
  readonly from: Readonly<Record<'first' | 'place' | 'window', number>>;
}

export type Sweep = readonly [down: Line, across: Line];

type Shape = Pick<GroupedConv, 'window' | 'strides' | 'dilations'>;

/** Of y, of so many places. */
export const forwardSweep = ({ window, strides, dilations }: Shape, places: Pair): Sweep => {
  const line = (axis: 0 | 1): Line => ({
    first: 0,
    step: 1,
    count: places[axis],
    window: { first: 0, step: 1, count: window[axis] },
    from: { first: 0, place: strides[axis], window: dilations[axis] },
  });
  return [line(0), line(1)];
};

const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));

/** Of dX along an axis, of so many places; counted from the first place of dy, before which there are zeros. */
function gradLines(
  { window, strides, dilations }: Shape,
  axis: 0 | 1,
  places: number,
  before: number,
): Line[] {
  const [stride, dilation] = [strides[axis], dilations[axis]];
  const step = stride / common(stride, dilation);
  return Array.from({ length: Math.min(stride, places) }, (_, first) => {
    const met = Array.from({ length: window[axis] }, (_, u) => first + before - dilation * u);
    const u = met.findIndex((at) => at % stride === 0);
    return {
      first,
      step: stride,
      count: Math.ceil((places - first) / stride),
      window: { first: Math.max(u, 0), step, count: u < 0 ? 0 : Math.ceil((window[axis] - u) / step) },
      from: { first: u < 0 ? 0 : met[u]! / stride, place: 1, window: (-dilation * step) / stride },
    };
  });
}

/** From the first to the last place of dy, or of the zeros around it, that a line meets. */
const reach = ({ count, window, from }: Line): Pair =>
  window.count === 0 ? [0, 0] : [from.first + from.window * (window.count - 1), from.first + count - 1];

/** Of dX, and the zeros that they want around dy. @param padding of the convolution that this is the gradient of */
export function gradSweeps(
  conv: Shape & Pick<GroupedConv, 'size' | 'padding'>,
  places: Pair,
): { readonly sweeps: readonly Sweep[]; readonly zeros: readonly [Pair, Pair] } {
  const along = (axis: 0 | 1) => {
    const lines = gradLines(conv, axis, places[axis], conv.padding[axis][0]);
    const all = lines.map(reach);
    const before = all.reduce((most, [least]) => Math.max(most, -least), 0);
    const after = all.reduce((most, [, last]) => Math.max(most, last - conv.size[axis] + 1), 0);
    const moved = lines.map((line) => ({ ...line, from: { ...line.from, first: line.from.first + before } }));
    return { lines: moved, zeros: [before, after] as const };
  };
  const [down, across] = [along(0), along(1)];
  const sweeps = down.lines.flatMap((row) => across.lines.map((column): Sweep => [row, column]));
  return { sweeps, zeros: [down.zeros, across.zeros] };
}
