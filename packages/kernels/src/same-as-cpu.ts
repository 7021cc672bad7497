/** One computation on tfjs's cpu backend and on another: the same values and gradients. */
import { random } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

export interface Input {
  readonly shape: number[];
  readonly dtype?: 'float32' | 'int32' | 'bool';
  /** Smallest and largest value. */
  readonly range?: [number, number];
}

export type Compute = (...inputs: never[]) => tf.Tensor | tf.Tensor[];

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

/** |actual_i - expected_i| <= 1e-6 + relative * max |expected|: the scale of a float32 sum's error. */
function expectClose(actual: tf.TypedArray, expected: tf.TypedArray, relative: number): void {
  expect(actual.length).toBe(expected.length);
  let scale = 0;
  for (const x of expected) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  actual.forEach((x, i) => {
    if (!Object.is(x, expected[i]!) && !(Math.abs(x - expected[i]!) <= 1e-6 + relative * scale))
      expect.fail(`value ${i} is ${x} instead of ${expected[i]}, of values up to ${scale}`);
  });
}

export type ExpectSame = (
  compute: Compute,
  inputs: Input[],
  /** relative: of the largest value, for float32 sums in another order. gradient: false where there is none. */
  options?: { relative?: number; gradient?: boolean },
) => Promise<void>;

/**
 * @param backend the one that is tested, registered; tfjs's `cpu` must be, too
 * @param options.liveHandles what the backend holds natively: as many after a computation as before
 * @returns a function that expects one computation to have the same values and gradients on both
 */
export function sameAsCpu(
  backend: string,
  { liveHandles = () => 0 }: { liveHandles?: () => number } = {},
): ExpectSame {
  return async (compute, inputs, { relative = 1e-5, gradient = true } = {}) => {
    const expected = await on('cpu', compute, inputs, gradient);
    await tf.setBackend(backend);
    const before = liveHandles();
    const actual = await on(backend, compute, inputs, gradient);
    expect(liveHandles()).toBe(before);
    actual.outputs.forEach((output, i) => {
      const other = expected.outputs[i]!;
      expect({ shape: output.shape, dtype: output.dtype }).toEqual({
        shape: other.shape,
        dtype: other.dtype,
      });
      expectClose(output.values, other.values, relative);
    });
    for (const [i, g] of actual.gradients.entries()) expectClose(g, expected.gradients[i]!, 2 * relative);
  };
}
