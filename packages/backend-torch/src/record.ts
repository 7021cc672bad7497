/** What is behind a data id of tfjs, and how values get in and out. */
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Combination, computed, release } from './combination.ts';
import { call, optional } from './dispatch.ts';
import { dataAddress, type Handle, lieAlike } from './handle.ts';
import { native } from './native.ts';
import { cast, copyLike, full } from './shims.ts';
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

/** torch.contiguous_format */
const CONTIGUOUS = optional(0);

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

/** The record with a tensor behind it: what was deferred, computed; what autocast has narrowed, in float32 again. */
export function settled(record: TensorRecord): TensorRecord {
  const { deferred } = record;
  if (deferred) {
    record.handle = computed(deferred);
    forget(record);
  }
  if (record.isNarrow) replace(record, cast(record.handle!, 'float32'));
  record.isNarrow = false;
  return record;
}

/** Frees what stands beside the values. */
export function forget(record: TensorRecord): void {
  const { deferred, companion } = record;
  record.deferred = record.companion = undefined;
  if (deferred) release(deferred);
  for (const handle of companion?.handles ?? []) handle.free();
}

/** Puts a tensor of its own memory in the place of a record's. */
function replace(record: TensorRecord, handle: Handle): asserts record is TensorRecord & { handle: Handle } {
  record.handle!.free();
  record.handle = handle;
  record.isDense = true;
  record.storage.holders--;
  record.storage = { holders: 1 };
}

/** The tensor of a settled record for a change in place: moved to memory of its own first if anything else sees it. */
export function exclusive(record: TensorRecord, like?: Handle): Handle {
  record.host = undefined;
  forget(record);
  const own = record.handle!;
  const isOwn = record.isDense && record.storage.holders === 1;
  if (isOwn && (!like || lieAlike(own, like))) return own;
  const order = like ?? (record.isDense ? own : undefined);
  replace(record, order ? copyLike(own, order) : call('aten::clone', own, CONTIGUOUS));
  return record.handle!;
}

/** The tensor of a settled record in the order in memory that `order` gives it: moved once. */
export function reordered(record: TensorRecord, order: (handle: Handle) => Handle): Handle {
  const own = record.handle!;
  if (record.isReordered) return own;
  record.isReordered = true;
  const moved = order(own);
  if (dataAddress(moved) !== dataAddress(own)) replace(record, moved);
  else moved.free(); // it lies in that order already, perhaps in memory that others see
  return record.handle!;
}
