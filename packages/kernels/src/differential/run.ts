/** One case on one backend: the answer as plain data, and that nothing is left behind. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Case, Inputs, Row, TensorValues } from './case.ts';

/** What a kernel has given. */
export interface Answer {
  readonly shape: number[];
  readonly dtype: tf.DataType;
  readonly values: ArrayLike<number | string>;
}

function made({ shape, dtype, values }: TensorValues): tf.Tensor {
  if (dtype === 'complex64') {
    const parts = [0, 1].map((odd) => values.filter((_, i) => i % 2 === odd) as number[]);
    return tf.complex(
      ...(parts.map((part) => tf.tensor(part, [...shape], 'float32')) as [tf.Tensor, tf.Tensor]),
    );
  }
  return tf.tensor(values as number[], [...shape], dtype);
}

/** The same structure with every tensor made. */
function makeAll(inputs: Inputs<TensorValues>): Inputs<tf.Tensor> {
  const make = (given: TensorValues | readonly TensorValues[]) =>
    Array.isArray(given) ? given.map(made) : made(given as TensorValues);
  if (Array.isArray(inputs)) return (inputs as TensorValues[]).map(made);
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, given]) => (given ? [[name, make(given)]] : [])),
  );
}

/** A kernel of the backend in use. */
export const runByName = <T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  name: string,
  inputs: Inputs<tf.Tensor>,
  attributes: object,
): T => tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as T;

/**
 * @param backend registered; it becomes the one in use
 * @param liveHandles what the backend holds natively: as many after the run as before
 */
export async function answers(
  backend: string,
  name: string,
  row: Row,
  { inputs, attributes = {} }: Case,
  liveHandles: () => number = () => 0,
): Promise<Answer[]> {
  await tf.setBackend(backend);
  const held = () => ({ handles: liveHandles(), tensors: tf.memory().numTensors });
  const before = held();
  const run = row.run ?? ((...given) => runByName<tf.Tensor | tf.Tensor[]>(name, ...given));
  let found: Answer[] = [];
  tf.tidy(() => {
    found = [run(makeAll(inputs), attributes)].flat().map((y) => ({
      shape: y.shape,
      dtype: y.dtype,
      values: y.dataSync() as ArrayLike<number | string>,
    }));
  });
  expect(held(), 'tensors and handles after the run').toEqual(before);
  return found;
}
