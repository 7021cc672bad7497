/** The contract of every classifier: features in, logits out; weights under their PyTorch names. */
import {
  checkFunctions,
  checkIntegers,
  checkObjects,
  checkStrings,
  InputError,
  random,
} from '@longtail/core';
import { described } from '@longtail/kernels';
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

/** 4 GiB of them. */
const MOST_WEIGHTS = 2 ** 30;

/** @throws InputError naming the size, seed or name that a new head cannot have */
export function checkNewHead({
  featureDim,
  numClasses,
  seed,
  name,
}: {
  featureDim: number;
  numClasses: number;
  seed: number;
  name: string;
}): void {
  checkIntegers({ featureDim, numClasses });
  checkIntegers({ 'featureDim * numClasses': featureDim * numClasses }, { most: MOST_WEIGHTS });
  random(seed);
  checkStrings({ name });
}

/** @throws InputError unless it has what a head has */
export function checkHead(head: Head): void {
  checkObjects({ 'a head': head });
  const { name, logits, weights, numClasses, featureDim } = head;
  checkStrings({ 'the name of a head': name });
  checkFunctions({ 'logits of a head': logits, 'weights.get of a head': weights?.get });
  checkIntegers({ 'numClasses of a head': numClasses, 'featureDim of a head': featureDim });
}

/**
 * The weights of a linear head.
 *
 * @throws InputError when there are none
 */
export function linearWeights(
  head: Head,
  { of }: { of: string },
): { weight: tf.Variable; bias: tf.Variable | undefined } {
  checkHead(head);
  const [weight, bias] = [head.weights.get('weight'), head.weights.get('bias')];
  const shape = [head.numClasses, head.featureDim];
  if (weight && tf.util.arraysEqual(weight.shape, shape)) return { weight, bias };
  throw new InputError(
    `${of} needs a linear head, with a \`weight\` [${shape}], but that of ${head.name} is ${described(weight)}.`,
  );
}

export function disposeAll(weights: ReadonlyMap<string, tf.Variable>): void {
  for (const variable of weights.values()) variable.dispose();
}

/** A variable that takes a tensor over. */
export function owned<R extends tf.Rank>(value: tf.Tensor<R>, trainable = false): tf.Variable<R> {
  const variable = tf.variable(value, trainable);
  value.dispose();
  return variable;
}
