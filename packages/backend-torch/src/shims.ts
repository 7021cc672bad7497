/** Operators with their own C function: cheaper than the dispatcher, or (Scalar arguments) out of its reach. */
import { InputError } from '@longtail/core';
import { call } from './dispatch.ts';
import { check, emptyHandle, type Handle, int64s, isContiguous, produce, sizeOf } from './handle.ts';
import { type DtypeName, native } from './native.ts';
import { heldIn } from './scalar.ts';

/** a + alpha b, broadcast. */
export function add(a: Handle, b: Handle, alpha = 1): Handle {
  return produce('aten::add', [a, b], (out) => native().c.add(a.address, b.address, alpha, out));
}

/** a b, broadcast. */
export function mul(a: Handle, b: Handle): Handle {
  return produce('aten::mul', [a, b], (out) => native().c.mul(a.address, b.address, out));
}

/** x + value */
export function addNumber(x: Handle, value: number): Handle {
  return produce('aten::add', [x], (out) => native().c.addNumber(x.address, value, 1, out));
}

/** x value */
export function mulNumber(x: Handle, value: number): Handle {
  return produce('aten::mul', [x], (out) => native().c.mulNumber(x.address, value, out));
}

const padding = new Float64Array(1);

/** Constant padding; `pads`: [before, after] of each axis, first axis first. */
export function pad(x: Handle, pads: readonly (readonly [number, number])[], value = 0): Handle {
  const flat = int64s([...pads].reverse().flat());
  padding[0] = value;
  return produce('aten::pad', [x], (out) =>
    native().c.pad(x.address, flat, flat.length, 'constant', padding, out),
  );
}

/** A view with its axes in the order `axes`. */
export function permute(x: Handle, axes: readonly number[]): Handle {
  return produce('aten::permute', [x], (out) =>
    native().c.permute(x.address, int64s(axes), axes.length, out),
  );
}

/** A view of another shape where the layout allows it, else a copy. */
export function reshape(x: Handle, shape: readonly number[]): Handle {
  return produce('aten::reshape', [x], (out) =>
    native().c.reshape(x.address, int64s(shape), shape.length, out),
  );
}

/** A view of every `step`-th place of one axis from `start` to before `end`. */
export function slice(x: Handle, axis: number, start: number, end: number, step = 1): Handle {
  return produce('aten::slice', [x], (out) =>
    native().c.slice(x.address, axis, int64s([start]), int64s([end]), step, out),
  );
}

/** The same values in another type; x itself, once more, where it is of that type already. */
export function cast(x: Handle, dtype: DtypeName): Handle {
  return call('aten::to.dtype', x, native().dtypes[dtype], false, false, null);
}

const typeFound = new Int32Array(1);

export function isOfType(handle: Handle, dtype: DtypeName): boolean {
  check(native().c.dtype(handle.address, typeFound), 'dtype');
  return typeFound[0] === native().dtypes[dtype];
}

/** The tensor itself. @throws InputError where it has more or fewer values than a shape, and frees it */
export function ofShape(handle: Handle, shape: readonly number[]): Handle {
  const size = sizeOf(handle);
  if (size === shape.reduce((a, b) => a * b, 1)) return handle;
  handle.free();
  throw new InputError(
    `the inputs do not fit: [${shape}] was to come out, but libtorch gave ${size} values.`,
  );
}

/** The same values in the type that tfjs gives them; takes the handle over. */
export function ofType(handle: Handle, dtype: DtypeName): Handle {
  if (isOfType(handle, dtype)) return handle;
  try {
    return cast(handle, dtype);
  } finally {
    handle.free();
  }
}

/** A copy of `values` that lies in memory in the order of another tensor of their shape. */
export function copyLike(values: Handle, order: Handle): Handle {
  return scoped((use, own) => {
    const copy = own(call('aten::empty_like', order, null, null, null, null, null));
    use(call('aten::copy_', copy, values, false));
    return copy;
  });
}

/** The same values in the order of the shape, the tensor itself where they lie so: what reads a view may round otherwise. */
export const inOrder = (x: Handle, use: Use): Handle =>
  isContiguous(x) ? x : use(call('aten::contiguous', x, 0));

/** A new tensor with one value everywhere, as its type holds it. */
export function full(shape: readonly number[], value: number, dtype: DtypeName): Handle {
  const handle = emptyHandle(shape, dtype);
  try {
    check(native().c.fill(handle.address, heldIn(dtype, value)), `fill with ${value} as ${dtype}`);
    return handle;
  } catch (error) {
    handle.free();
    throw error;
  }
}

/** Notes a handle and gives it back. */
export type Use = (handle: Handle) => Handle;

/** Frees what was `use`d after `run`, also on a throw; what is to be its own result, `own`ed, only on a throw. */
export function scoped<T>(run: (use: Use, own: Use) => T): T {
  const [used, owned]: [Handle[], Handle[]] = [[], []];
  const noted = (list: Handle[]) => (handle: Handle) => {
    list.push(handle);
    return handle;
  };
  try {
    return run(noted(used), noted(owned));
  } catch (error) {
    for (const handle of owned) handle.free();
    throw error;
  } finally {
    for (const handle of used) handle.free();
  }
}
