/** A check of what a caller hands over as tensors. */
import { InputError, shown } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** Type and shape of a tensor, or what else it is, for messages. */
export const described = (value: unknown): string =>
  value instanceof tf.Tensor ? `${value.dtype} [${value.shape}]` : shown(value);

/**
 * @param tensors by the name of their argument
 * @throws InputError naming the first that is no tensor, or not of the rank
 * @example
 * checkTensors({ features }, { rank: 2 });
 */
export function checkTensors(
  tensors: Readonly<Record<string, unknown>>,
  { rank }: { rank?: number } = {},
): void {
  for (const [name, value] of Object.entries(tensors))
    if (!(value instanceof tf.Tensor) || value.rank !== (rank ?? value.rank))
      throw new InputError(
        `${name} must be a tensor${rank === undefined ? '' : ` of rank ${rank}`}, but it is ${described(value)}.`,
      );
}
