/** The contract of every classifier: features in, logits out; weights under their PyTorch names. */
import * as tf from '@tensorflow/tfjs-core';

export interface Head {
  readonly name: string;
  /** C. */
  readonly numClasses: number;
  /** D. */
  readonly featureDim: number;
  /**
   * @param features shape [N, D]
   * @returns one score a class, the larger the likelier, shape [N, C]
   */
  logits(features: tf.Tensor2D): tf.Tensor2D;
  readonly trainable: readonly tf.Variable[];
  /** `weight` [C, D], `bias` [C], `scale` [C], ... as the head has them. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  dispose(): void;
}

/** Features and labels of one step; whoever takes it from the list disposes it. */
export interface FeatureBatch {
  /** Shape [N, D]. */
  readonly features: tf.Tensor2D;
  /** int32, shape [N]. */
  readonly labels: tf.Tensor1D;
}

/** The batches of an epoch (from 0), made as they are asked for. */
export type FeatureBatches = (epoch: number) => Iterable<FeatureBatch>;

export function disposeAll(weights: ReadonlyMap<string, tf.Variable>): void {
  for (const variable of weights.values()) variable.dispose();
}

/** A variable that takes a tensor over. */
export function owned<R extends tf.Rank>(value: tf.Tensor<R>, trainable = false): tf.Variable<R> {
  const variable = tf.variable(value, trainable);
  value.dispose();
  return variable;
}
