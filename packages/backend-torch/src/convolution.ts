/** libtorch's convolution and its gradients by their own C functions: the dispatcher takes each list number by number. */
import { check, Handle, int64s, produce, whole } from './handle.ts';
import { native } from './native.ts';

export interface Places {
  readonly strides: readonly number[];
  /** On both sides of each axis. */
  readonly padding: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** The arguments from the strides to the number of groups. */
function listed({ strides, padding, dilations, groups }: Places): unknown[] {
  const lists = [strides, padding, dilations].flatMap((list) => [int64s(list), list.length]);
  return [...lists, 0, int64s(strides.map(() => 0)), strides.length, whole(groups)];
}

const offset = new BigUint64Array(1);

/** x [N, Cin, ...], filter [Cout, Cin / groups, ...], bias [Cout] */
export function convolution(x: Handle, filter: Handle, places: Places, bias?: Handle): Handle {
  if (bias) offset[0] = bias.address;
  const args = listed(places);
  return produce('aten::convolution', [x, filter], (out) =>
    native().c.convolution(x.address, filter.address, bias ? offset : null, ...args, out),
  );
}

const masks = { x: Int32Array.of(1, 0, 0), filter: Int32Array.of(0, 1, 0) };
const made = [0, 1, 2].map(() => new BigUint64Array(1));

/** dX or dF; of the one that is wanted only the shape is looked at. */
export function convolutionBackward(
  { dy, x, filter }: Readonly<Record<'dy' | 'x' | 'filter', Handle>>,
  places: Places,
  wanted: 'x' | 'filter',
): Handle {
  const { c } = native();
  const tensors = [dy.address, x.address, filter.address];
  const code = c.convolutionBackward(...tensors, null, 0, ...listed(places), masks[wanted], 3, ...made);
  check(code, 'aten::convolution_backward', [dy, x, filter]);
  const [dx, dFilter, dBias] = made.map((out) => new Handle(out[0]!)) as [Handle, Handle, Handle];
  dBias.free(); // what is not wanted is an undefined tensor, but a handle
  const [result, other] = wanted === 'x' ? [dx, dFilter] : [dFilter, dx];
  other.free();
  return result;
}
