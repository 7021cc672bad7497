/** What a head answers to features: classes, and how sure it is of each. */
import type { NamedArray } from '@longtail/formats';
import type { Head } from '@longtail/heads';
import { argmax } from '@longtail/metrics';
import * as tf from '@tensorflow/tfjs-core';

/** By `name` the class of each row; by `name.confidence` its probability, where scores are logits. Both of shape [N]. */
export function answersOf(
  { numClasses, logits: logitsOf }: Head,
  features: tf.Tensor2D,
  { name, hasLogits = true }: { name: string; hasLogits?: boolean },
): [string, NamedArray][] {
  const logits = logitsOf(features);
  const data = argmax(logits.dataSync(), { numClasses });
  const surest = tf.tidy(() => tf.max(tf.softmax(logits), 1));
  const confidence = surest.dataSync<'float32'>() as Float32Array;
  tf.dispose([logits, surest]);
  const predicted: [string, NamedArray] = [name, { shape: [data.length], data }];
  if (!hasLogits) return [predicted];
  return [predicted, [`${name}.confidence`, { shape: [confidence.length], data: confidence }]];
}

/** Every weight, by `name.weight`, `name.bias`, ... */
export const weightsOf = ({ weights }: Head, name: string): [string, NamedArray][] =>
  [...weights].map(([key, variable]) => [
    `${name}.${key}`,
    { shape: variable.shape, data: variable.dataSync<'float32'>() as Float32Array },
  ]);
