/**
 * Values between JavaScript and the device, and the only place that touches a tensor's memory. libtorch's stable C
 * interface has no events to wait for, so what must not block the event loop is copied by another thread.
 */
import { call, optional } from './dispatch.ts';
import { bytesOf, check, emptyHandle, type Handle, hostHandle, shapeOf } from './handle.ts';
import { type DtypeName, native } from './native.ts';

/** The types that live in libtorch. Strings stay in JavaScript; a complex64 is two float32 tensors. */
export type TorchDtype = 'float32' | 'int32' | 'bool';
export type Values = Float32Array | Int32Array | Uint8Array;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
const BYTES: Record<DtypeName, number> = {
  float32: 4,
  float64: 8,
  bfloat16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  uint8: 1,
};

/** torch.contiguous_format */
const CONTIGUOUS = optional(0);

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function copy(to: Handle, from: Handle, isAhead: boolean): void {
  check(native().c.copy(to.address, from.address, isAhead ? 1 : 0), 'a copy', [from]);
}

/** A new tensor on the device, of values that `write` puts into memory of the host. */
export function fromHost(
  shape: readonly number[],
  dtype: DtypeName,
  write: (bytes: ArrayBuffer) => void,
): Handle {
  const { device } = native();
  const host = hostHandle(shape, dtype);
  let there: Handle | undefined;
  try {
    write(bytesOf(host, BYTES[dtype] * sizeOf(shape)));
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

const valuesIn = (host: Handle, dtype: TorchDtype): Values => {
  const type = ARRAYS[dtype];
  return new type(bytesOf(host, type.BYTES_PER_ELEMENT * sizeOf(shapeOf(host)))).slice();
};

/** The values of a tensor, row by row; waits for a device to have computed them. */
export function valuesOf(handle: Handle, dtype: TorchDtype): Values {
  const contiguous = call('aten::contiguous', handle, 0);
  let host = contiguous;
  try {
    if (!native().device.isHost) {
      host = hostHandle(shapeOf(contiguous), dtype);
      copy(host, contiguous, false);
    }
    return valuesIn(host, dtype);
  } finally {
    contiguous.free();
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
