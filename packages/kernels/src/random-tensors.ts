/**
 * Seeded random tensors. The numbers are drawn on the host by the one generator of @longtail/core, so that every
 * backend and device gets the same ones; a native backend has them written straight into its own memory.
 */
import { random } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SeededAttributes {
  readonly shape: readonly number[];
  readonly seed: number;
  readonly keys: readonly (string | number)[];
  /** Normal: mean and standard deviation. Uniform: low and high - low. */
  readonly shift: number;
  readonly scale: number;
}

/** Fills `values` with the numbers of a kernel call: the definition that native kernels share. */
export function fillSeeded(
  values: Float32Array,
  law: 'normal' | 'uniform',
  { seed, keys, shift, scale }: SeededAttributes,
): Float32Array {
  const generator = random(seed, ...keys);
  const draw = generator[law];
  for (let i = 0; i < values.length; i++) values[i] = shift + scale * draw();
  return values;
}

function seededKernel(name: string, law: 'normal' | 'uniform'): KernelDefinition<object, SeededAttributes> {
  return {
    name,
    define: (_, attributes) =>
      tf.tensor(fillSeeded(new Float32Array(tf.util.sizeFromShape([...attributes.shape])), law, attributes), [
        ...attributes.shape,
      ]),
  };
}

export const SeededNormal: KernelDefinition<object, SeededAttributes> = seededKernel(
  'SeededNormal',
  'normal',
);
export const SeededUniform: KernelDefinition<object, SeededAttributes> = seededKernel(
  'SeededUniform',
  'uniform',
);

/**
 * @param shape of the result, float32
 * @param options.seed an integer, with `keys` naming what the numbers are for
 * @example
 * normal([3, 3, 16, 32], { seed: 0, keys: ['layer2.0.conv1.weight'], deviation: Math.sqrt(2 / 288) });
 */
export function normal(
  shape: readonly number[],
  {
    seed,
    keys = [],
    mean = 0,
    deviation = 1,
  }: { seed: number; keys?: readonly (string | number)[]; mean?: number; deviation?: number },
): tf.Tensor {
  return runKernel(SeededNormal, {}, { shape, seed, keys, shift: mean, scale: deviation });
}

/** As {@link normal}, uniform in [low, high). */
export function uniform(
  shape: readonly number[],
  {
    seed,
    keys = [],
    low = 0,
    high = 1,
  }: { seed: number; keys?: readonly (string | number)[]; low?: number; high?: number },
): tf.Tensor {
  return runKernel(SeededUniform, {}, { shape, seed, keys, shift: low, scale: high - low });
}
