/**
 * A head with all that a prediction needs: what is done to features before, the calibration, the prior, the classes' names.
 *   p = softmax(a z(transform(f)) / T + b + log pi_target - log pi_train)
 * a = 1 and b = 0 where there is no vector scaling.
 */
import { asCounts, checkLists, checkNumbers, checkObjects, checkOptions, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { priorShift, type TargetPrior } from './adjust-prior.ts';
import { checkHead, type Head } from './head.ts';
import { checkTransform, type FeatureTransform, transformed } from './transform.ts';
import { checkScaling, type VectorScaling, vectorScaled } from './vector-scaling.ts';

export interface ClassifierParts {
  readonly head: Head;
  /** One a class. Default: '0', '1', ... */
  readonly classNames?: readonly string[];
  /** n_c of the rows that the head was fitted on, shape [C]. */
  readonly counts: ArrayLike<number>;
  /** Default: none. */
  readonly transform?: FeatureTransform;
  /** T. Default: 1. */
  readonly temperature?: number;
  /** a and b of `fitVectorScaling`, fitted on scores that are divided by T. Default: none. */
  readonly scaling?: VectorScaling | undefined;
  /**
   * What the scores refer to, moved from the counts' own prior, and only for heads that were fitted on rows as they are.
   * Default: 'train', nothing moves.
   */
  readonly prior?: TargetPrior;
  /** How it came about, for whoever reads the file: numbers, strings, lists. */
  readonly made?: Readonly<Record<string, unknown>>;
}

export interface Classifier extends Required<ClassifierParts> {
  /** Shape [N, D] to scores [N, C]. @param how.prior another than the classifier's own */
  logits(features: tf.Tensor2D, how?: { prior?: TargetPrior }): tf.Tensor2D;
  /** The same as probabilities, which sum to 1. */
  probabilities(features: tf.Tensor2D, how?: { prior?: TargetPrior }): tf.Tensor2D;
  dispose(): void;
}

function checkNames(names: readonly string[], { numClasses }: Head): void {
  checkLists({ classNames: names });
  if (names.length !== numClasses || new Set(names).size !== numClasses)
    throw new InputError(
      `classNames must be ${numClasses} different names, one a class, but there are ${names.length}, ${new Set(names).size} different.`,
    );
}

/**
 * Takes the head over: dispose the classifier alone.
 *
 * @throws InputError when names, counts or prior are not of the head's classes, the temperature is not above 0, or the scaling of other classes
 * @example
 * const made = classifier({ head, classNames: ['cat', 'lynx'], counts: [500, 5], prior: 'uniform' });
 * const p = made.probabilities(features);
 */
export function classifier(parts: ClassifierParts): Classifier {
  const {
    head,
    counts,
    transform = [],
    temperature = 1,
    scaling,
    prior = 'train',
    made = {},
  } = checkOptions(parts, {
    of: 'classifier',
  });
  checkHead(head);
  checkObjects({ made });
  const { classNames = Array.from({ length: head.numClasses }, (_, c) => String(c)) } = parts;
  checkNames(classNames, head);
  checkTransform(transform, { outputDim: head.featureDim });
  checkNumbers({ temperature }, { above: 0 });
  checkScaling(scaling, head);
  if (asCounts(counts).length !== head.numClasses)
    throw new InputError(
      `class counts must be of the head's ${head.numClasses} classes, but there are ${counts.length}.`,
    );
  const ownShift = priorShift(counts, prior);
  const logits: Classifier['logits'] = (features, how = {}) => {
    checkOptions(how, { of: 'a classifier' });
    return tf.tidy(() => {
      const scores = tf.div<tf.Tensor2D>(head.logits(transformed(features, transform)), temperature);
      const shift = how.prior === undefined ? ownShift : priorShift(counts, how.prior);
      return tf.add(scaling ? vectorScaled(scores, scaling) : scores, tf.tensor1d(shift));
    });
  };
  return {
    head,
    classNames,
    counts,
    transform,
    temperature,
    scaling,
    prior,
    made,
    logits,
    probabilities: (features, how) => tf.tidy(() => tf.softmax(logits(features, how))),
    dispose: () => head.dispose(),
  };
}
