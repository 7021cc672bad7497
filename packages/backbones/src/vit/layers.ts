/** Linear layers and layer normalisations with their variables, under PyTorch's names. */
import { layerNorm, linear, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Where layers put their variables as they are made. */
export interface Weights {
  readonly all: Map<string, tf.Variable>;
  readonly seed: number;
}

/** Tokens in, tokens out, a row each. */
export type Layer = (x: tf.Tensor2D) => tf.Tensor2D;

/** One number everywhere, or normal(0, 0.02), as timm starts its transformers. */
export function variable<R extends tf.Rank>(
  { all, seed }: Weights,
  name: string,
  { shape, start }: { shape: number[]; start: number | 'normal' },
): tf.Variable<R> {
  const value =
    start === 'normal' ? normal(shape, { seed, keys: [name], deviation: 0.02 }) : tf.fill(shape, start);
  const made = tf.variable(value) as tf.Variable<R>;
  value.dispose();
  all.set(name, made);
  return made;
}

/** x W^T + b; W lies [outputs, inputs], as PyTorch's. */
export function dense(
  weights: Weights,
  name: string,
  { inputs, outputs, hasBias = true }: { inputs: number; outputs: number; hasBias?: boolean },
): Layer {
  const weight = variable<tf.Rank.R2>(weights, `${name}.weight`, {
    shape: [outputs, inputs],
    start: 'normal',
  });
  if (!hasBias) return (x) => linear(x, { weight });
  const bias = variable<tf.Rank.R1>(weights, `${name}.bias`, { shape: [outputs], start: 0 });
  return (x) => linear(x, { weight, bias });
}

export function norm(
  weights: Weights,
  name: string,
  { width, epsilon }: { width: number; epsilon: number },
): Layer {
  const scale = variable<tf.Rank.R1>(weights, `${name}.weight`, { shape: [width], start: 1 });
  const offset = variable<tf.Rank.R1>(weights, `${name}.bias`, { shape: [width], start: 0 });
  return (x) => layerNorm(x, { scale, offset }, { epsilon });
}
