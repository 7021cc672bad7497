/**
 * What is done to features before a head sees them, as data that a head's file keeps: a list of steps, fitted on training rows.
 *   centre: f - mean.  l2: f / |f|.  tukey: sign(f) |f|^p (Tukey's ladder; Yang et al., ICLR 2021, equation 3).
 *   standardise: (f - mean) / deviation.  Principal components: pca.ts.
 * NCM's cl2n is centre and l2; it serves nearly every head.
 */
import { checkLists, checkNumbers, checkObjects, checkOneOf, checkOptions, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { rowNorms } from './row-norms.ts';
import { checkFinite } from './training-set.ts';

export type TransformStep =
  /** Of values [D]. */
  | { readonly kind: 'subtract' | 'divide'; readonly values: Float32Array }
  | { readonly kind: 'l2' }
  | { readonly kind: 'tukey'; readonly power: number }
  /** f M of M [D, K], row by row. */
  | { readonly kind: 'project'; readonly values: Float32Array; readonly shape: readonly [number, number] };

export type FeatureTransform = readonly TransformStep[];

/** The least norm, and the least deviation, that is divided by: a row or a column of zeros stays one. */
const LEAST = 1e-12;

const KINDS = ['subtract', 'divide', 'l2', 'tukey', 'project'];

function applied(x: tf.Tensor2D, step: TransformStep): tf.Tensor2D {
  switch (step.kind) {
    case 'subtract':
      return tf.sub(x, tf.tensor1d(step.values));
    case 'divide':
      return tf.div(x, tf.tensor1d(step.values));
    case 'l2':
      return tf.div(x, tf.maximum(rowNorms(x), LEAST));
    case 'tukey':
      return tf.mul(tf.sign(x), tf.pow(tf.abs(x), step.power));
    case 'project':
      return tf.matMul(x, tf.tensor2d(step.values, [...step.shape]));
  }
}

/** What a step takes and gives, where it is not any width. */
const widths = (step: TransformStep): readonly [from: number, to: number] | undefined => {
  if (step.kind === 'project') return step.shape;
  return 'values' in step ? [step.values.length, step.values.length] : undefined;
};

/** D of the features as they come. */
export function inputWidth(transform: FeatureTransform, { outputDim }: { outputDim: number }): number {
  const first = transform.find((step) => widths(step) !== undefined);
  return first ? widths(first)![0] : outputDim;
}

/**
 * @param dims.inputDim D, where it is known; outputDim K
 * @throws InputError for an unknown step, or one that does not fit what comes before or after it
 */
export function checkTransform(
  transform: FeatureTransform,
  { inputDim, outputDim }: { inputDim?: number; outputDim?: number },
): void {
  checkLists({ transform });
  let width = inputDim;
  const expect = (wanted: number, name: string): void => {
    if (width !== undefined && wanted !== width)
      throw new InputError(`${name} was fitted on features of ${wanted} numbers, but they have ${width}.`);
  };
  for (const step of transform) {
    checkObjects({ 'a step of a transform': step });
    checkOneOf({ 'the kind of a step': step.kind }, KINDS);
    if (step.kind === 'tukey') checkNumbers({ power: step.power }, { above: 0, most: 10 });
    const [from, to] = widths(step) ?? [];
    if (from !== undefined) expect(from, `the step ${step.kind}`);
    width = to ?? width;
  }
  if (outputDim !== undefined) expect(outputDim, 'the head');
}

/**
 * @param features shape [N, D]
 * @returns shape [N, K], the caller's to dispose
 * @throws InputError for features of another width than those it was fitted on, or an unknown step
 * @example
 * const transform = [...centre(train), ...l2()];
 * const head = await logisticRegression(transformed(train, transform), labels, { numClasses });
 */
export function transformed(features: tf.Tensor2D, transform: FeatureTransform): tf.Tensor2D {
  checkTensors({ features }, { rank: 2 });
  checkTransform(transform, { inputDim: features.shape[1] });
  return tf.tidy(() => transform.reduce(applied, tf.clone(features)));
}

function fitted(features: tf.Tensor2D, fit: () => tf.Tensor): Float32Array {
  checkTensors({ features }, { rank: 2 });
  checkFinite(features);
  const values = tf.tidy(fit);
  const read = Float32Array.from(values.dataSync());
  values.dispose();
  return read;
}

/** @param features of the training set, shape [N, D] */
export const centre = (features: tf.Tensor2D): FeatureTransform => [
  { kind: 'subtract', values: fitted(features, () => tf.mean(features, 0)) },
];

export const l2 = (): FeatureTransform => [{ kind: 'l2' }];

/**
 * @param options.power default: 0.5
 * @throws InputError for a power out of (0, 10]
 */
export function tukey(options: { power?: number } = {}): FeatureTransform {
  const { power = 0.5 } = checkOptions(options, { of: 'tukey' });
  checkNumbers({ power }, { above: 0, most: 10 });
  return [{ kind: 'tukey', power }];
}

/**
 * A column that never changes becomes 0.
 *
 * @param features of the training set, shape [N, D]
 */
export function standardise(features: tf.Tensor2D): FeatureTransform {
  const deviations = fitted(features, () => {
    const { mean, variance } = tf.moments(features, 0);
    const noise = tf.mul(1e-6, tf.maximum(tf.abs(mean), LEAST)); // what float32 sums leave of a constant
    const deviation = tf.sqrt(variance);
    return tf.where(tf.greater(deviation, noise), deviation, tf.onesLike(deviation));
  });
  return [...centre(features), { kind: 'divide', values: deviations }];
}
