/** A check of what a caller hands over as tensors. */
import { asLabels, InputError, shown } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** Type and shape of a tensor, or what else it is, for messages. */
export const described = (value: unknown): string =>
  value instanceof tf.Tensor
    ? `${value.dtype} [${value.shape}]${value.isDisposed ? ', disposed before' : ''}`
    : shown(value);

/** What makes the tensor that is wanted of what came in its place, for messages; nothing where that is no list. */
function remedy(value: unknown, { rank, dtype }: { rank?: number; dtype?: string }): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `; make it one by tf.tensor${rank === undefined ? '' : `${rank}d`}${dtype === 'int32' ? "(..., 'int32')" : ''}`;
  const isFloat =
    value instanceof tf.Tensor && value.dtype === 'float32' && value.rank === (rank ?? value.rank);
  return isFloat && dtype === 'int32' ? '; cast it by toInt()' : '';
}

/**
 * @param tensors by the name of their argument
 * @throws InputError naming the first that is no tensor, disposed, or not of the rank or type
 * @example
 * checkTensors({ features }, { rank: 2 });
 */
export function checkTensors(
  tensors: Readonly<Record<string, unknown>>,
  { rank, dtype }: { rank?: number; dtype?: tf.DataType } = {},
): void {
  const kind = `${dtype === undefined ? 'a' : dtype === 'int32' ? 'an int32' : `a ${dtype}`} tensor`;
  for (const [name, value] of Object.entries(tensors)) {
    // A backend may well compute with a disposed one, while another tensor holds the same values.
    const isTensor = value instanceof tf.Tensor && !value.isDisposed;
    if (isTensor && value.rank === (rank ?? value.rank) && value.dtype === (dtype ?? value.dtype)) continue;
    const expected = `${kind}${rank === undefined ? '' : ` of rank ${rank}`}`;
    throw new InputError(
      `${name} must be ${expected}, but it is ${described(value)}${remedy(value, { ...(rank !== undefined && { rank }), ...(dtype && { dtype }) })}.`,
    );
  }
}

/** Reading labels there may wait for the device; a label beyond the classes is then the caller's to find. */
const FAR = ['webgl', 'webgpu'];

/**
 * @param labels int32, shape [N]
 * @throws InputError naming the first that is no class, on backends that read at once
 */
export function checkClasses(labels: tf.Tensor1D, { numClasses }: { numClasses: number }): void {
  if (!FAR.includes(tf.getBackend())) asLabels(labels.dataSync<'int32'>() as Int32Array, { numClasses });
}
