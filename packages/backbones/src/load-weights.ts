/** Weights of a PyTorch state dict into a backbone, and back. */
import { DataError } from '@longtail/core';
import type { NamedArray, NamedArrays } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from './backbone.ts';

/** PyTorch keeps filters OIHW, tfjs HWIO. */
const fromTorch = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? tf.transpose(x, [2, 3, 1, 0]) : x);
const toTorch = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? tf.transpose(x, [3, 2, 0, 1]) : x);

/**
 * Assigns every weight of the backbone from a state dict; names it does not know are left alone.
 *
 * @param arrays by PyTorch's names, filters [O, I, kh, kw]
 * @param options.prefix what stands before the names, such as `module.` or `backbone.`
 * @throws DataError naming the first weight that is missing or of another shape; nothing is assigned then
 */
export function loadWeights(
  backbone: Backbone,
  arrays: NamedArrays,
  { prefix = '' }: { prefix?: string } = {},
): void {
  tf.tidy(() => {
    const values = [...backbone.weights].map(([name, variable]) => {
      const found = arrays.get(prefix + name);
      if (!(found?.data instanceof Float32Array))
        throw new DataError(
          `${backbone.name} needs the float32 weight "${prefix}${name}", but the file has ${found ? 'another type' : 'none of that name'}.`,
        );
      const value = fromTorch(tf.tensor(found.data, [...found.shape]));
      if (!tf.util.arraysEqual(value.shape, variable.shape))
        throw new DataError(
          `${backbone.name} needs "${name}" of shape [${variable.shape}] (HWIO), but the file has [${value.shape}].`,
        );
      return [variable, value] as const;
    });
    for (const [variable, value] of values) variable.assign(value);
  });
}

/** The backbone's weights as a PyTorch state dict: filters [O, I, kh, kw]. */
export function saveWeights(backbone: Backbone): Map<string, NamedArray> {
  return new Map(
    [...backbone.weights].map(([name, variable]) =>
      tf.tidy(() => {
        const value = toTorch(variable);
        return [name, { shape: value.shape, data: value.dataSync<'float32'>() as Float32Array }] as const;
      }),
    ),
  );
}
