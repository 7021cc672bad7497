/** Any operation of TensorFlow by its name, through tfjs-node's backend. */
import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTES, type OpAttribute } from './binding.ts';
import { TYPES } from './tensors.ts';

/** The part of tfjs-node's backend that runs any operation of TensorFlow. */
export interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

const FLOAT: OpAttribute = { name: 'T', type: ATTRIBUTES.TF_ATTR_TYPE, value: TYPES.TF_FLOAT };
export const text = (name: string, value: string): OpAttribute => ({
  name,
  type: ATTRIBUTES.TF_ATTR_STRING,
  value,
});
export const ints = (name: string, value: number[]): OpAttribute => ({
  name,
  type: ATTRIBUTES.TF_ATTR_INT,
  value,
});
export const real = (name: string, value: number): OpAttribute => ({
  name,
  type: ATTRIBUTES.TF_ATTR_FLOAT,
  value,
});
export const truth = (name: string, value: boolean): OpAttribute => ({
  name,
  type: ATTRIBUTES.TF_ATTR_BOOL,
  value,
});

export function execute(
  name: string,
  attributes: OpAttribute[],
  inputs: tf.Tensor[],
  outputs = 1,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as NodeBackend;
  return backend.executeMultipleOutputs(name, [FLOAT, ...attributes], inputs, outputs);
}
