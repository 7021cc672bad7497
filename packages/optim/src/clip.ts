/**
 * Gradients kept within bounds, as PyTorch's torch.nn.utils does it:
 *   clip_grad_norm_: g <- g min(1, norm / (|g| + 1e-6)), with |g| the Euclidean norm of all gradients together;
 *   clip_grad_value_: g <- min(max(g, -value), value).
 */
import { InputError } from '@longtail/core';
import { globalNorm } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { expectNumber } from './numbers.ts';

export type Clip = { readonly norm: number } | { readonly value: number };

/** @throws InputError when there is not one bound, a number >= 0 */
export function expectClip(clip: Clip): void {
  const [[name, bound] = ['none', Number.NaN], ...more] = Object.entries(clip);
  if (more.length > 0 || !['norm', 'value'].includes(name))
    throw new InputError(`clip must be { norm } or { value }, but has ${[name, ...more.map(([n]) => n)]}.`);
  expectNumber(`clip.${name}`, bound);
}

/** @returns new tensors, one a gradient */
export function clipGradients(gradients: readonly tf.Tensor[], clip: Clip): tf.Tensor[] {
  return tf.tidy(() => {
    if ('value' in clip) return gradients.map((g) => tf.clipByValue(g, -clip.value, clip.value));
    const factor = tf.minimum(1, tf.div(clip.norm, tf.add(globalNorm(gradients), 1e-6)));
    return gradients.map((g) => tf.mul(g, factor));
  });
}
