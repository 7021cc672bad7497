/** The contract of every classifier: features in, logits out; weights under their PyTorch names. */
import {
  checkFunctions,
  checkIntegers,
  checkObjects,
  checkStrings,
  InputError,
  random,
} from '@longtail/core';
import { checkTensors, described } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

export type HeadForm = Readonly<{ kind: string } & Record<string, unknown>>;

export interface Head {
  readonly name: string;
  /** C. */
  readonly numClasses: number;
  /** D. */
  readonly featureDim: number;
  /**
   * Whether the logits are W f + b of the weights `weight` and `bias` (or W f, where there is no bias), and nothing else: what
   * `tauNorm` and `lws` can scale. Absent: they are not.
   */
  readonly isLinear?: boolean;
  /**
   * What makes the head again from its `weights`, for those that are not linear: its kind (`cosine`, `ncm`, ...) and settings, as JSON
   * has them. A head without it cannot be saved.
   */
  readonly form?: HeadForm;
  /**
   * @param features shape [N, D]
   * @returns one score a class, the larger the likelier, shape [N, C]
   * @throws InputError for features that are no tensor [N, D]
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
  /** int32, shape [N]; or soft targets, float32, shape [N, C], for a loss that takes them, as that by default does. */
  readonly labels: tf.Tensor1D | tf.Tensor2D;
}

/** The batches of an epoch (from 0), made as they are asked for; or read, by an async generator. */
export type FeatureBatches = (epoch: number) => Iterable<FeatureBatch> | AsyncIterable<FeatureBatch>;

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

/** @throws InputError unless they are a tensor [N, D] */
export function checkFeatures(features: tf.Tensor2D, { featureDim }: { featureDim: number }): void {
  checkTensors({ features }, { rank: 2 });
  if (features.shape[1] !== featureDim)
    throw new InputError(
      `the head is of ${featureDim} features, [N, ${featureDim}], but got features [${features.shape}].`,
    );
}

/**
 * The weights of a linear head. A cosine head's logits do not see how long its rows are, and the scale of LWS would be lost.
 *
 * @throws InputError when the head is not linear, or there are none
 */
export function linearWeights(
  head: Head,
  { of }: { of: string },
): { weight: tf.Variable; bias: tf.Variable | undefined } {
  checkHead(head);
  if (head.isLinear !== true)
    throw new InputError(
      `${of} needs a linear head, whose logits are W f + b, but ${head.name} is none; where its \`weight\` is meant as one, make it by linearFrom.`,
      { head: head.name },
    );
  const [weight, bias] = [head.weights.get('weight'), head.weights.get('bias')];
  const shape = [head.numClasses, head.featureDim];
  if (weight && tf.util.arraysEqual(weight.shape, shape)) return { weight, bias };
  throw new InputError(
    `${of} needs a linear head, with a \`weight\` [${shape}], but that of ${head.name} is ${described(weight)}.`,
  );
}

/** Nothing for a head that cannot be saved. */
export const formOf = ({ isLinear, form }: Head): HeadForm | undefined =>
  isLinear ? { kind: 'linear' } : form;

/** @throws InputError naming the first that is of another shape */
export function checkShapes(
  tensors: Readonly<Record<string, tf.Tensor>>,
  shapes: Readonly<Record<string, readonly number[]>>,
  { of }: { of: string },
): void {
  for (const [name, shape] of Object.entries(shapes)) {
    checkTensors({ [name]: tensors[name] });
    if (!tf.util.arraysEqual(tensors[name]!.shape, [...shape]))
      throw new InputError(`${of} needs ${name} [${shape}], but it is ${described(tensors[name])}.`);
  }
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
