/** Where TensorFlow, or tfjs-node-gpu's JavaScript over it, means something else than tfjs's cpu backend, or refuses. */
import type { Case, Exception, TensorValues } from '@longtail/kernels/differential';
import * as tf from '@tensorflow/tfjs-core';

const tensors = ({ inputs }: Case): TensorValues[] => Object.values(inputs).flat() as TensorValues[];
const has =
  (type: tf.DataType) =>
  (given: Case): boolean =>
    tensors(given).some(({ dtype }) => dtype === type);
const holds =
  (wanted: number) =>
  (given: Case): boolean =>
    tensors(given).some(({ values }) => values.some((x) => Object.is(x, wanted)));

const all = (names: readonly string[], exception: Exception): Record<string, Exception> =>
  Object.fromEntries(names.map((name) => [name, exception]));

const wholes: Exception = { reason: 'TensorFlow has no kernel of int32', when: has('int32') };
const truths: Exception = { reason: 'TensorFlow has no kernel of bool', when: has('bool') };
const isPadded = ({ attributes }: Case): boolean => typeof attributes?.pad !== 'string';
const padded: Exception = { reason: "tfjs-node-gpu takes 'same' and 'valid' only", when: isPadded };
/** One channel, and steps along the width. */
const isStepped = (given: Case): boolean =>
  tensors(given)[0]!.shape.at(-1) === 1 && (given.attributes!.strides as number[]).at(-1)! > 1;
const isSpecial = (given: Case): boolean =>
  tensors(given).some(({ values }) => !values.every(Number.isFinite));

export const DIFFERENCES: Readonly<Record<string, Exception>> = {
  ...all([tf.Ceil, tf.Floor], wholes),
  ...all([tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual, tf.Sum, tf.Prod, tf.Max], truths),
  ...all([tf.IsFinite, tf.IsInf, tf.IsNan], {
    reason: 'TensorFlow has kernels of floats only',
    when: (given) => has('int32')(given) || has('bool')(given),
  }),
  ...all([tf.Conv2D, tf.FusedConv2D, tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D], {
    reason: `${padded.reason}, steps wrongly through NCHW, and oneDNN reads wrong places to a width of one`,
    when: (given) => isPadded(given) || given.attributes!.dataFormat !== 'NHWC' || isStepped(given),
  }),
  [tf.Conv3D]: { reason: 'oneDNN reads wrong places to a width of one', when: isStepped },
  ...all([tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter], padded),
  ...all([tf.DepthwiseConv2dNativeBackpropInput, tf.DepthwiseConv2dNativeBackpropFilter], padded),
  ...all([tf.AvgPool, tf.AvgPoolGrad], padded),
  [tf.MaxPool]: {
    reason: 'TensorFlow has no meaning of a NaN here',
    when: isSpecial,
  },
  [tf.MaxPool3D]: { reason: 'TensorFlow has no meaning of a NaN here', when: isSpecial },
  [tf.NonMaxSuppressionV5]: {
    reason: 'TensorFlow keeps softened boxes beyond the threshold of overlap, the cpu does not',
    when: ({ attributes }) => attributes!.softNmsSigma !== 0,
  },
  [tf.Round]: { reason: "TensorFlow 2.21's kernel makes 0 of an int32 -1", when: has('int32') },
  [tf.Sign]: { reason: 'the sign of NaN is NaN to TensorFlow, 0 to the cpu', when: holds(Number.NaN) },
  [tf.Prelu]: {
    reason: 'tfjs-node-gpu computes (x - |x|) / 2, which has no value at infinity',
    when: holds(Number.POSITIVE_INFINITY),
  },
  [tf.Concat]: {
    reason: 'TensorFlow joins two tensors or more; tf.concat does not ask for one',
    when: ({ inputs }) => Object.keys(inputs).length < 2,
  },
};
