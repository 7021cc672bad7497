/** Runs one computation on tfjs's cpu backend and on libtorch, and expects the same values and gradients. */
import '@tensorflow/tfjs';
import { random } from '@longtail/core';
import { toBeCloseTo, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

export const library: string | undefined = torchLibrary();
if (library) registerTorchBackend({ library });

export interface Input {
  readonly shape: number[];
  readonly dtype?: 'float32' | 'int32' | 'bool';
  /** Smallest and largest value. */
  readonly range?: [number, number];
}

type Compute = (...inputs: never[]) => tf.Tensor | tf.Tensor[];

function values(
  { shape, dtype = 'float32', range: [low, high] = [-2, 2] }: Input,
  key: number,
): tf.TypedArray {
  const { uniform } = random(0, key, ...shape);
  const drawn = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => low + (high - low) * uniform(),
  );
  return dtype === 'float32'
    ? drawn
    : dtype === 'int32'
      ? Int32Array.from(drawn)
      : Uint8Array.from(drawn, (x) => (x > 0 ? 1 : 0));
}

interface Outcome {
  readonly outputs: { shape: number[]; dtype: string; values: tf.TypedArray }[];
  readonly gradients: tf.TypedArray[];
}

async function on(
  backend: string,
  compute: Compute,
  inputs: Input[],
  withGradient: boolean,
): Promise<Outcome> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = inputs.map((input, i) =>
      tf.tensor(values(input, i), input.shape, input.dtype ?? 'float32'),
    );
    const run = (...given: tf.Tensor[]) =>
      [(compute as (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[])(...given)].flat();
    const outputs = run(...tensors).map((y) => ({
      shape: y.shape,
      dtype: y.dtype,
      values: y.dataSync() as tf.TypedArray,
    }));
    if (!withGradient) return { outputs, gradients: [] } as never;
    // Each output is weighed, so that a gradient in the wrong place shows.
    const loss = (...given: tf.Tensor[]) =>
      tf.addN(
        run(...given).map((y, i) =>
          tf.sum(tf.mul(y, tf.tensor(values({ shape: y.shape }, 100 + i), y.shape))),
        ),
      );
    return {
      outputs,
      gradients: tf
        .grads(loss)(tensors)
        .map((g) => g.dataSync() as tf.TypedArray),
    } as never;
  }) as unknown as Outcome;
}

/**
 * @param relative of the largest value: float32 sums in another order
 * @param gradient false where the operation has none
 */
export async function expectSame(
  compute: Compute,
  inputs: Input[],
  { relative = 1e-5, gradient = true }: { relative?: number; gradient?: boolean } = {},
): Promise<void> {
  const expected = await on('cpu', compute, inputs, gradient);
  const before = liveHandles();
  const actual = await on('torch', compute, inputs, gradient);
  expect(liveHandles()).toBe(before);
  actual.outputs.forEach((output, i) => {
    const other = expected.outputs[i]!;
    expect({ shape: output.shape, dtype: output.dtype }).toEqual({ shape: other.shape, dtype: other.dtype });
    toBeCloseTo(output.values, other.values, { relative });
  });
  for (const [i, g] of actual.gradients.entries())
    toBeCloseTo(g, expected.gradients[i]!, { relative: 2 * relative });
}
