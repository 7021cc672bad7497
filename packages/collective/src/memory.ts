/**
 * The values of tfjs tensors where they can be changed. tfjs knows no such place: a backend that does may offer `inPlace`; on any
 * other the values are read, and a new tensor takes their place.
 */
import { InputError, shown } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

export type Values = Float32Array | Int32Array | Uint8Array;

/** What a backend may offer. */
interface InPlace {
  /**
   * A tensor's values where they lie, row by row and nobody else's, valid until the tensor is next used: an array over them,
   * or their address in the memory of a CUDA device; undefined where neither can be had.
   */
  inPlace(tensor: tf.TensorInfo): Values | bigint | undefined;
}

export interface HostMemory {
  readonly values: Values;
  /** Makes what is in `values` now the tensor's. */
  commit(): void;
}

export interface DeviceMemory {
  readonly address: bigint;
  readonly length: number;
  readonly dtype: tf.DataType;
}

/** @throws InputError naming the first that is no tensor of these types, or is disposed */
export function checkTensors(tensors: readonly tf.Tensor[], types: readonly tf.DataType[]): void {
  if (!Array.isArray(tensors))
    throw new InputError(`tensors must be an array of tensors, but it is ${shown(tensors)}.`, { tensors });
  for (const [index, tensor] of tensors.entries()) {
    const isTensor = tensor instanceof tf.Tensor;
    if (isTensor && !tensor.isDisposed && types.includes(tensor.dtype)) continue;
    const found = !isTensor ? shown(tensor) : tensor.isDisposed ? 'disposed' : tensor.dtype;
    throw new InputError(
      `tensors[${index}] must be a tensor of the type ${types.join(' or ')}, but it is ${found}.`,
      { index },
    );
  }
}

/** Gives a tensor data of its own with these values; what shared its data keeps it. */
function replace(tensor: tf.Tensor, values: Values): void {
  const made = tf.tensor(values, tensor.shape, tensor.dtype) as tf.Tensor & { dataId: tf.DataId };
  const held = tensor as { dataId: tf.DataId };
  [held.dataId, made.dataId] = [made.dataId, held.dataId]; // as tf.Variable.assign does
  made.dispose();
}

/** The values of a tensor, to be changed, and committed where they are the host's. */
function memoryOf(tensor: tf.Tensor): HostMemory | DeviceMemory {
  const backend = tf.backend() as tf.KernelBackend & Partial<InPlace>;
  if (backend.inPlace && backend.refCount(tensor.dataId) > 1) replace(tensor, tensor.dataSync() as Values);
  const place = backend.inPlace?.(tensor);
  if (typeof place === 'bigint') return { address: place, length: tensor.size, dtype: tensor.dtype };
  if (place) return { values: place, commit: () => {} };
  const copy = tensor.dataSync().slice() as Values; // the cpu backend gives its own array
  return { values: copy, commit: () => replace(tensor, copy) };
}

/** Each tensor once: those of the host, and those in a device's memory. */
export function memoriesOf(tensors: readonly tf.Tensor[]): { host: HostMemory[]; device: DeviceMemory[] } {
  const all = [...new Set(tensors)].map(memoryOf);
  return {
    host: all.filter((memory) => 'values' in memory),
    device: all.filter((memory) => 'address' in memory),
  };
}
