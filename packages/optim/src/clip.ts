/**
 * Gradients kept within bounds, as PyTorch's torch.nn.utils does it:
 *   clip_grad_norm_: g <- g min(1, norm / (|g| + 1e-6)), with |g| the Euclidean norm of all gradients together;
 *   clip_grad_value_: g <- min(max(g, -value), value).
 */
import { checkLists, checkNumbers, checkObjects, InputError } from '@longtail/core';
import { checkTensors, globalNorm } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

export type Clip = { readonly norm: number } | { readonly value: number };

/** @throws InputError when there is not one bound, a number >= 0 */
export function checkClip(clip: Clip): void {
  checkObjects({ clip });
  const [[name, bound] = ['none', Number.NaN], ...more] = Object.entries(clip);
  if (more.length > 0 || !['norm', 'value'].includes(name))
    throw new InputError(`clip must be { norm } or { value }, but has ${[name, ...more.map(([n]) => n)]}.`);
  checkNumbers({ [`clip.${name}`]: bound }, { least: 0 });
}

/** What makes a new tensor, within the bound, of each of the gradients. */
function bounding(gradients: readonly tf.Tensor[], clip: Clip): (gradient: tf.Tensor) => tf.Tensor {
  if ('value' in clip) return (g) => tf.clipByValue(g, -clip.value, clip.value);
  const factor = tf.minimum(1, tf.div(clip.norm, tf.add(globalNorm(gradients), 1e-6)));
  return (g) => tf.mul(g, factor);
}

/**
 * @returns new tensors, one a gradient
 * @throws InputError when there is not one bound, a number >= 0, or a gradient is no tensor; for a norm, when there is none
 */
export function clipGradients(gradients: readonly tf.Tensor[], clip: Clip): tf.Tensor[] {
  checkClip(clip);
  checkLists({ gradients });
  gradients.forEach((gradient, i) => {
    checkTensors({ [`gradients[${i}]`]: gradient });
  });
  return tf.tidy(() => gradients.map(bounding(gradients, clip)));
}

/** The same of gradients that nobody else holds: each is freed as soon as there is a new one, so that there is no second set. */
export function clipOwned(gradients: readonly tf.Tensor[], clip: Clip): tf.Tensor[] {
  return tf.tidy(() => {
    const bound = bounding(gradients, clip);
    return gradients.map((gradient) => {
      const within = bound(gradient);
      gradient.dispose();
      return within;
    });
  });
}
