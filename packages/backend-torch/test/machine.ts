/** What the tests of machine code share: libtorch's own results in float64 of the same tensors, and how far off others are. */
import { normal } from '@longtail/kernels';
import { testDevice } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { TorchBackend } from '../src/backend.ts';
import type { Handle } from '../src/handle.ts';
import { encodingHere } from '../src/machine/routine.ts';
import type { Encoding } from '../src/machine/x64.ts';
import { cast, scoped } from '../src/shims.ts';
import { library } from './both.ts';

/** The widest vectors of this CPU. One with AVX-512 has AVX2 as well. */
export const here: Encoding | undefined = library && testDevice() === 'cpu' ? encodingHere() : undefined;
export const encodings: readonly Encoding[] = here === 'evex' ? ['vex', 'evex'] : here ? [here] : [];

export const backend = (): TorchBackend => tf.backend() as TorchBackend;
export const random = (shape: readonly number[], seed: number): tf.Tensor => normal([...shape], { seed });

/** The largest difference as a part of the largest value. */
export function distance(actual: tf.Tensor, expected: tf.Tensor): number {
  expect(actual.shape).toEqual(expected.shape);
  const apart = tf.max(tf.abs(tf.sub(actual, expected)));
  return tf.div(apart, tf.maximum(tf.max(tf.abs(expected)), 1e-6)).dataSync()[0]!;
}

export const tensorOf = (of: Handle | undefined, shape: number[]): tf.Tensor => {
  if (!of) expect.fail('this convolution was not computed by machine code');
  return tf.engine().makeTensorFromTensorInfo(backend().output(of, shape, 'float32'));
};

/** What libtorch computes of the same tensors in float64. */
export function exact<K extends string>(
  tensors: Readonly<Record<K, tf.Tensor>>,
  shape: number[],
  compute: (wide: Record<K, Handle>) => Handle,
): tf.Tensor {
  const made = scoped((use) => {
    const wide = Object.entries<tf.Tensor>(tensors).map(([name, tensor]) => [
      name,
      use(cast(backend().handle(tensor), 'float64')),
    ]);
    return cast(use(compute(Object.fromEntries(wide))), 'float32');
  });
  return tensorOf(made, shape);
}
