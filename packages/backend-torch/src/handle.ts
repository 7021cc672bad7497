/** libtorch tensors as JavaScript sees them: an address, freed by hand and counted. */
import { EngineError } from '@longtail/core';
import { type DtypeName, native } from './native.ts';

const out = new BigUint64Array(1);
let live = 0;
/** aoti_torch_device_type_cpu() */
const HOST = 0;

/** How many libtorch tensors this thread holds. */
export function liveHandles(): number {
  return live;
}

export class Handle {
  #address: bigint;

  constructor(address: bigint) {
    this.#address = address;
    live++;
  }

  /** @throws EngineError once the tensor is freed */
  get address(): bigint {
    if (this.#address === 0n)
      throw new EngineError('this tensor is disposed; keep it with tf.keep or clone it before.');
    return this.#address;
  }

  /** Frees the tensor at once. A second call does nothing. */
  free(): void {
    if (this.#address === 0n) return;
    native().c.deleteTensor(this.#address);
    this.#address = 0n;
    live--;
  }
}

/** @throws EngineError with libtorch's own first line when `code` is not 0 */
export function check(code: number, operation: string, inputs: readonly Handle[] = []): void {
  if (code === 0) return;
  const reason = String(native().c.errorText() as unknown).split('\n')[0];
  const shapes = inputs.map((input) => `[${shapeOf(input)}]`);
  throw new EngineError(`libtorch refused ${operation} of ${shapes.join(', ') || 'no tensor'}: ${reason}`, {
    operation,
    shapes,
  });
}

/** Calls a C function whose last argument receives a new tensor. */
export function produce(
  operation: string,
  inputs: readonly Handle[],
  run: (out: BigUint64Array) => number,
): Handle {
  check(run(out), operation, inputs);
  return new Handle(out[0]!);
}

/** The same tensor once more, to be freed by itself. */
export function reference(tensor: Handle): Handle {
  return produce('reference', [tensor], (to) => native().c.newReference(tensor.address, to));
}

/** Numbers on their way to C, in one buffer for good, used round and round: a call reads its arguments at once. */
const scratch = new BigInt64Array(4096);
/** Far more than an operator takes, and so few that no call's lists lie over one another. */
const MOST = 128;
let used = 0;

/** For the ranks and lists of an operator. */
function scratchOf(length: number): BigInt64Array {
  if (length > MOST)
    throw new EngineError(`a shape or list of ${length} numbers is longer than the ${MOST} taken here.`);
  if (used + length > scratch.length) used = 0;
  used += length;
  return scratch.subarray(used - length, used);
}

/** @throws EngineError for what is no whole number, or too large to be one exactly */
export function int64s(values: readonly number[]): BigInt64Array {
  const array = scratchOf(values.length);
  for (let i = 0; i < values.length; i++) array[i] = BigInt(whole(values[i]!));
  return array;
}

export function whole(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new EngineError(`libtorch takes whole numbers below 2^53 here, but got ${value}.`, { value });
}

function contiguousStrides(shape: readonly number[]): BigInt64Array {
  const strides = scratchOf(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = BigInt(stride);
    stride *= Math.max(1, shape[axis]!);
  }
  return strides;
}

/** A new tensor on the device, values undefined. */
export function emptyHandle(shape: readonly number[], dtype: DtypeName): Handle {
  const { c, dtypes, device } = native();
  return produce('empty', [], (to) =>
    c.empty(
      shape.length,
      int64s(shape),
      contiguousStrides(shape),
      dtypes[dtype],
      device.type,
      device.index,
      to,
    ),
  );
}

/** A new tensor in memory of the host, from which the device may copy by itself. */
export function hostHandle(shape: readonly number[], dtype: DtypeName): Handle {
  const { c, dtypes, device } = native();
  const make = device.isPinned ? c.emptyPinned : c.empty;
  return produce('empty', [], (to) =>
    make(shape.length, int64s(shape), contiguousStrides(shape), dtypes[dtype], HOST, 0, to),
  );
}

/** A tensor of the host in JavaScript's memory, which must not outlive the array. */
export function around(values: NodeJS.TypedArray, shape: readonly number[], dtype: DtypeName): Handle {
  const { c, dtypes } = native();
  return produce('from_blob', [], (to) =>
    c.fromBlob(values, shape.length, int64s(shape), contiguousStrides(shape), 0, dtypes[dtype], HOST, 0, to),
  );
}

/** Where the values of a tensor begin: valid until the handle is freed. */
export function dataAddress(handle: Handle): bigint {
  check(native().c.dataPointer(handle.address, out), 'data');
  return out[0]!;
}

/** How many values a tensor has. */
export function sizeOf(handle: Handle): number {
  check(native().c.numel(handle.address, out), 'numel');
  return Number(out[0]);
}

const flag = new Uint8Array(1);

/** Whether the values lie in the order of the axes, without gaps. */
export function isContiguous(handle: Handle): boolean {
  check(native().c.isContiguous(handle.address, flag), 'is_contiguous');
  return flag[0] === 1;
}

function numbersOf(handle: Handle, which: 'size' | 'stride'): number[] {
  const { c } = native();
  const { address } = handle;
  check(c.rank(address, out), 'rank');
  const numbers: number[] = new Array(Number(out[0]));
  for (let axis = 0; axis < numbers.length; axis++) {
    check(c[which](address, axis, out), which);
    numbers[axis] = Number(out[0]);
  }
  return numbers;
}

export const shapeOf = (handle: Handle): number[] => numbersOf(handle, 'size');
export const stridesOf = (handle: Handle): number[] => numbersOf(handle, 'stride');

/** Whether two tensors of one shape lie in the same order in memory. */
export function lieAlike(a: Handle, b: Handle): boolean {
  if (isContiguous(a) && isContiguous(b)) return true;
  const [sizes, own, others] = [shapeOf(a), stridesOf(a), stridesOf(b)];
  return sizes.every((size, axis) => size === 1 || own[axis] === others[axis]);
}
