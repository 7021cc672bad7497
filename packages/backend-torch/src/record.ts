/** What is behind a data id of tfjs, and how values get in and out. */
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Combination } from './combination.ts';
import type { Handle } from './handle.ts';
import { native } from './native.ts';
import { full } from './shims.ts';
import { fromHost, type TorchDtype, type Values, valuesLater, valuesOf } from './transfer.ts';

export interface Complex {
  readonly real: tf.TensorInfo;
  readonly imag: tf.TensorInfo;
}

export interface TensorRecord {
  readonly dtype: tf.DataType;
  handle: Handle | undefined;
  /** What the tensor is to be, until its values are asked for. */
  deferred?: Combination | undefined;
  /** Few values as they were written, until the tensor changes: to read them, no device is waited for. */
  host?: Values | undefined;
  readonly strings?: Uint8Array[];
  readonly complex?: Complex;
  refCount: number;
  /** Whether the values are known to lie one after another, in whatever order of the axes. */
  isDense?: boolean;
  /** What was computed of the tensor and will be wanted again, and of what it is; freed with the tensor. */
  companion?: { readonly key: string; readonly handles: readonly Handle[] } | undefined;
  /** Whether the values have been brought into the order that suits an operation. */
  isReordered?: boolean;
  /** Whether the values are bfloat16 still, as autocast has computed them. */
  isNarrow?: boolean;
  /** Shared by all the records that are views of the same memory. */
  storage: { holders: number };
}

/** Axes, sizes, scalars, and the labels of a batch. */
const FEW = 1024;

/** Numbers or truths into libtorch. */
export function written(
  values: tf.TypedArray | number[] | boolean[],
  shape: readonly number[],
  dtype: TorchDtype,
): Pick<TensorRecord, 'handle' | 'host'> {
  const size = tf.util.sizeFromShape([...shape]);
  const type = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  if (!type) throw new EngineError(`libtorch has no tensors of the type ${dtype} for tfjs.`, { dtype });
  const isFew = !native().device.isHost && size <= FEW && values.length === size;
  const own = !isFew && values instanceof type;
  const host = own ? (values as Values) : type.from(values as tf.TypedArray);
  if (!isFew) return { handle: fromHost(host, shape, dtype) };
  // One value is an argument of a fill, which no device waits for.
  const handle = size === 1 ? full(shape, host[0]!, dtype) : fromHost(host, shape, dtype);
  return { handle, host };
}

export const read = ({ handle, host, dtype }: TensorRecord): Values =>
  host ? host.slice() : valuesOf(handle!, dtype as TorchDtype);

export const readLater = async ({ handle, host, dtype }: TensorRecord): Promise<Values> =>
  host ? host.slice() : valuesLater(handle!, dtype as TorchDtype);
