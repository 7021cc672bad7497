/**
 * Values between JavaScript and the device, and the only place that touches a tensor's memory. libtorch's stable C
 * interface has no events to wait for, so what must not block the event loop is copied by another thread.
 *
 * One copy either way. A read without a copy would not be safe: tfjs frees a tensor while the array that `dataSync` gave
 * may still be in use, and a later tensor would write into it. Nor is a view cheap here: each costs a finalizer, and what
 * it does to the C heap costs more than the copy.
 */
import { checkFilled } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import { call, optional } from './dispatch.ts';
import {
  around,
  check,
  dataAddress,
  emptyHandle,
  type Handle,
  hostHandle,
  isContiguous,
  shapeOf,
  sizeOf,
} from './handle.ts';
import { native } from './native.ts';

/** The types that live in libtorch. Strings stay in JavaScript; a complex64 is two float32 tensors. */
export type TorchDtype = 'float32' | 'int32' | 'bool';
export type Values = Float32Array | Int32Array | Uint8Array;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
const C_TYPES = { float32: 'float', int32: 'int32_t', bool: 'uint8_t', uint8: 'uint8_t', int64: 'int64_t' };

/** torch.contiguous_format */
const CONTIGUOUS = optional(0);

function copy(to: Handle, from: Handle, isAhead: boolean): void {
  check(native().c.copy(to.address, from.address, isAhead ? 1 : 0), 'a copy', [from]);
}

/**
 * A new tensor on the device, of these values, in an array of the C type that `dtype` has.
 *
 * @throws InputError when they are too many or too few for the shape
 */
export function fromHost(
  values: Values | BigInt64Array,
  shape: readonly number[],
  dtype: keyof typeof C_TYPES,
): Handle {
  checkFilled(values.length, shape);
  const { device } = native();
  const host = hostHandle(shape, dtype);
  let there: Handle | undefined;
  try {
    if (values.length > 0) koffi.encode(dataAddress(host), C_TYPES[dtype], values, values.length);
    if (device.isHost) return host;
    there = emptyHandle(shape, dtype);
    copy(there, host, device.isPinned);
  } catch (error) {
    host.free();
    there?.free();
    throw error;
  }
  host.free();
  return there;
}

/** Of the host, in the order of its axes. */
const valuesIn = (host: Handle, dtype: TorchDtype): Values => {
  const size = sizeOf(host);
  return size === 0 ? new ARRAYS[dtype]() : koffi.decode(dataAddress(host), C_TYPES[dtype], size);
};

/** The values of a contiguous tensor where they lie, until it is freed: an array over them, or their address in a GPU of CUDA. */
export function valuesAt(handle: Handle, dtype: TorchDtype): Values | bigint | undefined {
  const { isHost, kind } = native().device;
  const size = sizeOf(handle);
  if (!isHost) return kind === 'cuda' ? dataAddress(handle) : undefined;
  if (size === 0) return new ARRAYS[dtype]();
  return new ARRAYS[dtype](koffi.view(dataAddress(handle), size * ARRAYS[dtype].BYTES_PER_ELEMENT));
}

/** The values of a tensor, row by row; waits for a device to have computed them. */
export function valuesOf(handle: Handle, dtype: TorchDtype): Values {
  if (native().device.isHost && isContiguous(handle)) return valuesIn(handle, dtype);
  const shape = shapeOf(handle);
  const values = new ARRAYS[dtype](tf.util.sizeFromShape(shape));
  if (values.length === 0) return values;
  const host = around(values, shape, dtype);
  try {
    copy(host, handle, false);
    return values;
  } finally {
    host.free();
  }
}

/** The values that a tensor has now. The event loop goes on while a device computes and copies them. */
export async function valuesLater(handle: Handle, dtype: TorchDtype): Promise<Values> {
  const { c, device } = native();
  if (device.isHost) return valuesOf(handle, dtype);
  const still = call('aten::clone', handle, CONTIGUOUS); // a step in place may come before the copy
  let host: Handle | undefined;
  try {
    const to = hostHandle(shapeOf(still), dtype);
    host = to;
    const code = await new Promise<number>((resolve, reject) =>
      c.copy.async(to.address, still.address, 0, (error: unknown, result: number) =>
        error ? reject(error) : resolve(result),
      ),
    );
    if (code !== 0) copy(to, still, false); // the reason is told only to the thread that it happens on
    return valuesIn(to, dtype);
  } finally {
    still.free();
    host?.free();
  }
}

/** Waits until the device has done all that it was given. */
export function settle(): void {
  if (native().device.isHost) return;
  const last = emptyHandle([1], 'float32');
  try {
    valuesOf(last, 'float32');
  } finally {
    last.free();
  }
}
