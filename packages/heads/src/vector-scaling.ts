/**
 * Vector scaling (Guo et al., ICML 2017, section 4.2): softmax(a z + b) with a number a_c and a margin b_c for each class, of the least
 * negative log-likelihood of held-out rows,
 *   min over a, b of  sum_i -log softmax(a z_i + b)[y_i] / N + l (|a - 1|^2 + |b|^2) / 2
 * Unlike a temperature it changes predictions, towards the classes' shares among those rows. Convex; by L-BFGS from a = 1, b = 0.
 * There is no penalty l in the paper; it pulls to the logits as they come, which should then be divided by a temperature. Without one,
 * a class that the rows do not hold has no least b_c: it sinks until the slope is small.
 */
import {
  asLabels,
  checkIntegers,
  checkNumbers,
  checkOptions,
  InputError,
  type LabelList,
} from '@longtail/core';
import { checkTensors, indicator, sparseCrossEntropy } from '@longtail/kernels';
import { lbfgs } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { owned } from './head.ts';
import { checkFinite } from './training-set.ts';

/** What a classifier keeps. */
export interface VectorScaling {
  /** a, shape [C]. */
  readonly scale: Float32Array;
  /** b, shape [C]. */
  readonly offset: Float32Array;
}

export interface FittedScaling extends VectorScaling {
  /** Mean negative log-likelihood before and after, without the penalty. */
  readonly before: number;
  readonly after: number;
  /** Whether no slope is larger than the tolerance. */
  readonly converged: boolean;
}

export interface VectorScalingOptions {
  /** l, >= 0. Default: 0. */
  readonly penalty?: number;
  /** Of the slopes, where logits have a mean square of 1. Default: 1e-5. */
  readonly tolerance?: number;
  /** Default: 1000. */
  readonly maxIterations?: number;
  readonly signal?: AbortSignal | undefined;
}

type Variables = readonly [scale: tf.Variable<tf.Rank.R1>, offset: tf.Variable<tf.Rank.R1>];

interface Problem {
  /** Of a mean square of 1, shape [N, C]. */
  readonly logits: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
  /** What the logits were divided by. */
  readonly size: number;
  readonly penalty: number;
}

const scaled = ({ logits }: Problem, [scale, offset]: Variables): tf.Tensor2D =>
  tf.add(tf.mul(logits, scale), offset);

const nll = (problem: Problem, variables: Variables): number =>
  tf.tidy(() => tf.mean(sparseCrossEntropy(scaled(problem, variables), problem.labels)).dataSync()[0]!);

/** The objective; its slopes by hand, dz = (softmax(a z + b) - y) / N, so that no gradients are wanted. */
function evaluate(problem: Problem, variables: Variables): { value: number; gradients: tf.Tensor[] } {
  const { logits, labels, size, penalty } = problem;
  const [rows, numClasses] = logits.shape;
  const [scale, offset] = variables;
  const [apart, ...gradients] = tf.tidy(() => {
    const z = scaled(problem, variables);
    const dz = tf.div(tf.sub(tf.softmax(z), indicator(labels, numClasses)), rows);
    const toOne = tf.sub(tf.div(scale, size), 1); // the scale of the logits as they came
    return [
      tf.add(tf.sum(tf.square(toOne)), tf.sum(tf.square(offset))),
      tf.add(tf.sum(tf.mul(dz, logits), 0), tf.mul(toOne, penalty / size)),
      tf.add(tf.sum(dz, 0), tf.mul(offset, penalty)),
    ];
  });
  const value = nll(problem, variables) + (penalty / 2) * apart!.dataSync()[0]!;
  apart!.dispose();
  return { value, gradients };
}

/**
 * @param logits of rows that the head was not fitted on, shape [N, C]
 * @param labels shape [N]
 * @throws InputError when they differ in number, a label is beyond the classes, or a logit is not finite, as those of a class are which the
 *   head has seen no row of
 * @throws the signal's reason when it is aborted
 * @example
 * const { temperature } = fitTemperature(logits, labels); // what the penalty pulls to
 * const scaling = await fitVectorScaling(tf.div(logits, temperature), labels, { penalty: 0.03 });
 * const made = classifier({ head, counts, temperature, scaling });
 */
export async function fitVectorScaling(
  logits: tf.Tensor2D,
  labels: LabelList,
  options: VectorScalingOptions = {},
): Promise<FittedScaling> {
  const { penalty = 0, tolerance = 1e-5, maxIterations = 1000, signal } = checkOptions(options, { of: 'fitVectorScaling' }); // biome-ignore format: one line
  checkNumbers({ penalty, tolerance }, { least: 0 });
  checkIntegers({ maxIterations });
  checkTensors({ logits }, { rank: 2 });
  const [rows, numClasses] = logits.shape;
  const checked = asLabels(labels, { numClasses });
  if (rows !== checked.length || rows === 0)
    throw new InputError(
      `vector scaling needs a label for each row of logits, at least one, but got ${checked.length} for ${rows}.`,
    );
  checkFinite(logits, { name: 'logits' });
  const size = tf.tidy(() => Math.sqrt(tf.mean(tf.square(logits)).dataSync()[0]!)) || 1;
  const problem: Problem = {
    logits: tf.div(logits, size),
    labels: tf.tensor1d(checked, 'int32'),
    size,
    penalty,
  };
  const variables: Variables = [owned(tf.fill([numClasses], size)), owned(tf.zeros([numClasses]))];
  try {
    const before = nll(problem, variables);
    const how = { tolerance, maxIterations, signal };
    const { converged } = await lbfgs(variables, () => evaluate(problem, variables), how);
    const [scale, offset] = variables.map((one) => Float32Array.from(one.dataSync()));
    return {
      scale: scale!.map((value) => value / size),
      offset: offset!,
      before,
      after: nll(problem, variables),
      converged,
    };
  } finally {
    tf.dispose([problem.logits, problem.labels, ...variables]);
  }
}

/** @throws InputError unless there are numbers for each class */
export function checkScaling(
  scaling: VectorScaling | undefined,
  { numClasses }: { numClasses: number },
): void {
  if (scaling === undefined) return;
  const { scale, offset } = checkOptions(scaling, { of: 'a vector scaling' });
  for (const [name, values] of Object.entries({ scale, offset })) {
    if (!(values instanceof Float32Array) || values.length !== numClasses)
      throw new InputError(
        `${name} of a vector scaling must be a Float32Array of one number a class, ${numClasses}; take those of fitVectorScaling.`,
      );
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new InputError(`${name}[${odd}] of a vector scaling must be a number, but it is ${values[odd]}.`);
  }
}

/** a z + b; a class that scores -Infinity stays so. */
export const vectorScaled = (z: tf.Tensor2D, { scale, offset }: VectorScaling): tf.Tensor2D =>
  tf.tidy(() => {
    const moved = tf.add(tf.mul(z, tf.tensor1d(scale)), tf.tensor1d(offset));
    return tf.where(tf.equal(z, Number.NEGATIVE_INFINITY), z, moved) as tf.Tensor2D;
  });
