/**
 * Multinomial logistic regression, to convergence: the likelihood of the data as they are, with an L2 penalty (the objective
 * of scikit-learn's LogisticRegression, divided by its weights' sum):
 *   min over W, b of   sum_i v_i l_i / sum_i v_i + |W|^2 / (2 C sum_i v_i),   l_i = -log softmax(W f_i + b)[y_i]
 * The prior is moved afterwards (adjust-prior.ts) rather than by weights.
 *
 * The bias has no penalty, so features can be centred by it without a pass over them, z = W (f - mean) + b, and the minimum is the
 * same. It takes L-BFGS a third to a quarter of the iterations.
 */
import {
  checkIntegers,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
  type LabelList,
} from '@longtail/core';
import { linear, sparseCrossEntropy } from '@longtail/kernels';
import { lbfgs, type Minimum } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { type Features, meanOf, sliceOf } from './feature-rows.ts';
import { type Head, linearWeights } from './head.ts';
import { linearFrom } from './linear.ts';
import { type ClassWeight, weigh } from './row-weights.ts';
import { checkTrainingSet } from './training-set.ts';

export interface LogisticOptions {
  readonly numClasses: number;
  /** scikit-learn's C, one over the strength of the penalty. Default: 1. */
  readonly C?: number;
  /** 'balanced': a row weighs N / (C n_c). Default: 'none'. */
  readonly classWeight?: ClassWeight;
  /** Where to begin, such as the same head at another C. Default: zeros. */
  readonly from?: Head;
  /**
   * The end is reached when no slope of the objective is larger than this times sqrt(2 / numClasses). Default: 1e-4, of two classes
   * scikit-learn's. Of more, slopes and curvatures are in proportion to the classes' shares, and what a slope is worth is its square by
   * the curvature; 1e-4 itself is larger than any slope of a thousand classes may be where it begins.
   */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** How many rows are looked at together. Default: as many as have 2 million logits, from 256 to 8192. */
  readonly chunk?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onIteration?: (iteration: number, objective: number) => void;
}

/** A linear head that knows how it came about: `fit.value` is the objective. */
export interface LogisticHead extends Head {
  readonly fit: Minimum;
}

/** Logits that are looked at together: 8 MB, which stay in a processor's cache. */
const MOST_LOGITS = 2 ** 21;

const chunkOf = (numClasses: number): number =>
  Math.min(8192, Math.max(256, Math.floor(MOST_LOGITS / numClasses)));

/** The share of each class by weight, none of them 0. */
function shares(counts: Int32Array, v: Float32Array): Float32Array {
  const weights = Float32Array.from(counts, (n, c) => Math.max(n, 0.5) * v[c]!);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

interface Problem {
  readonly features: Features;
  readonly labels: tf.Tensor1D;
  /** v_i / sum v, shape [N]. */
  readonly weights: tf.Tensor1D;
  /** Shape [D]. */
  readonly mean: tf.Tensor1D;
  /** 1 / (C sum v). */
  readonly decay: number;
  readonly chunk: number;
}

/** The sum over a few rows, of which no logits are kept, and its slopes by the weight and the bias of features as they are. */
function partOf(
  { features, labels, weights }: Problem,
  layer: { readonly weight: tf.Tensor2D; readonly bias: tf.Tensor1D },
  [start, count]: readonly [number, number],
): { value: tf.Scalar; grads: tf.Tensor[] } {
  const [x, y, v] = [
    sliceOf(features, start, count),
    tf.slice(labels, start, count),
    tf.slice(weights, start, count),
  ];
  const loss = (weight: tf.Tensor, bias: tf.Tensor): tf.Scalar => {
    const logits = linear(x, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D });
    return tf.sum(tf.mul(sparseCrossEntropy(logits, y), v));
  };
  return tf.valueAndGrads(loss as never)([layer.weight, layer.bias]) as {
    value: tf.Scalar;
    grads: tf.Tensor[];
  };
}

/** The objective and its slopes, chunk by chunk; its value is added up in float64. */
function evaluate(
  problem: Problem,
  [weight, bias]: readonly [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R1>],
): { value: number; gradients: tf.Tensor[] } {
  const { mean, decay, chunk, features } = problem;
  const rows = features.shape[0];
  return tf.tidy(() => {
    const centred = tf.sub<tf.Tensor1D>(bias, tf.reshape(tf.matMul(weight, tf.expandDims(mean, 1)), [-1]));
    let slopes: tf.Tensor[] = [tf.mul(weight, decay), tf.zerosLike(bias)];
    let value = (decay / 2) * tf.sum(tf.square(weight)).dataSync()[0]!;
    for (let start = 0; start < rows; start += chunk) {
      const range = [start, Math.min(chunk, rows - start)] as const;
      const [part, ...next] = tf.tidy(() => {
        const { value, grads } = partOf(problem, { weight, bias: centred }, range);
        return [value, ...grads.map((grad, i) => tf.add(slopes[i]!, grad))];
      });
      value += part!.dataSync()[0]!;
      tf.dispose([part!, ...slopes]);
      slopes = next;
    }
    const [ofWeight, ofBias] = slopes as [tf.Tensor2D, tf.Tensor1D];
    // No product of matrices: tfjs-backend-wasm keeps one for each tensor, and takes that of W mean for it.
    return { value, gradients: [tf.sub(ofWeight, tf.mul(tf.expandDims(ofBias, 1), mean)), ofBias] };
  });
}

/**
 * @param features shape [N, D], a tensor, or rows that are read at each iteration
 * @param labels shape [N]; a class without rows ends with a probability below the tolerance
 * @throws InputError when rows and labels do not fit, a row is not finite, or an option is out of range
 * @throws the signal's reason when it is aborted
 * @example
 * const head = await logisticRegression(features, labels, { numClasses: 10 });
 * const balanced = adjustPrior(head, { counts, target: 'uniform' });
 */
export async function logisticRegression(
  features: Features,
  labels: LabelList,
  options: LogisticOptions,
): Promise<LogisticHead> {
  const {
    numClasses,
    C = 1,
    classWeight = 'none',
    chunk = chunkOf(options.numClasses),
  } = checkOptions(options, { of: 'logisticRegression' });
  const { from, tolerance = 1e-4, maxIterations = 1000, signal, onIteration } = options;
  const set = checkTrainingSet(features, labels, { numClasses, of: 'logisticRegression' });
  checkNumbers({ C }, { above: 0 });
  checkNumbers({ tolerance }, { least: 0 });
  checkOneOf({ classWeight }, ['none', 'balanced']);
  checkIntegers({ chunk });
  const { v, sum } = weigh(set.counts, classWeight);
  const prior = shares(set.counts, v);
  const head = startOf(features, prior, from);
  const problem: Problem = {
    features,
    labels: tf.tensor1d(set.labels, 'int32'),
    weights: tf.tensor1d(Float32Array.from(set.labels, (c) => v[c]! / sum)),
    mean: meanOf(features),
    decay: 1 / (C * sum),
    chunk,
  };
  const variables = [head.weights.get('weight'), head.weights.get('bias')] as never as Parameters<
    typeof evaluate
  >[1];
  const shift = (sign: number) => tf.tidy(() => moved(variables, problem.mean, sign));
  try {
    shift(1);
    const least = tolerance * Math.sqrt(2 / Math.max(2, numClasses));
    const how = {
      tolerance: least,
      maxIterations,
      signal,
      ...(onIteration !== undefined && { onIteration }),
    };
    const fit = await lbfgs(variables, () => evaluate(problem, variables), how);
    shift(-1);
    return { ...head, fit };
  } catch (error) {
    head.dispose();
    throw error;
  } finally {
    tf.dispose([problem.labels, problem.weights, problem.mean]);
  }
}

/** The bias of features about their mean, W mean + b, and back. */
function moved([weight, bias]: Parameters<typeof evaluate>[1], mean: tf.Tensor1D, sign: number): void {
  const part = tf.reshape(tf.matMul(weight, tf.expandDims(mean, 1)), [-1]);
  bias.assign(tf.add(bias, tf.mul(part, sign)));
}

/** A copy of a head, or what knows the classes' shares and nothing else. */
function startOf(features: Features, prior: Float32Array, from: Head | undefined): Head {
  const [numClasses, featureDim] = [prior.length, features.shape[1]];
  if (!from)
    return linearFrom('logistic', {
      weight: tf.zeros([numClasses, featureDim]),
      bias: tf.tensor1d(prior.map(Math.log)),
    });
  const { weight, bias } = linearWeights(from, { of: 'logisticRegression' });
  if (from.numClasses !== numClasses || from.featureDim !== featureDim)
    throw new InputError(
      `from must be a head of ${numClasses} classes and ${featureDim} features, but it has ${from.numClasses} and ${from.featureDim}.`,
    );
  const offset = bias ? tf.clone(bias) : tf.zeros([numClasses]);
  return linearFrom('logistic', { weight: tf.clone(weight) as tf.Tensor2D, bias: offset as tf.Tensor1D });
}
