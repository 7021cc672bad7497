/**
 * NCM, the nearest class mean (section 4.2; run_networks.py and KNNClassifier.py of the official code): a test
 * feature is scored against the mean training feature of each class. Nothing is learned.
 */
import {
  asLabels,
  checkIntegers,
  checkOneOf,
  checkOptions,
  classCounts,
  InputError,
  type LabelList,
} from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { disposeAll, type Head, owned } from './head.ts';

/** 'un': as they are. 'l2n': f / ||f||. 'cl2n': (f - mean of all) / ||f - mean of all||. */
export type FeatureKind = 'un' | 'l2n' | 'cl2n';

const l2n = (x: tf.Tensor2D): tf.Tensor2D => tf.div(x, tf.maximum(tf.norm(x, 2, 1, true), 1e-12));

function classMeans(features: tf.Tensor2D, labels: Int32Array, numClasses: number): tf.Tensor2D {
  const onehot = tf.oneHot(tf.tensor1d(labels, 'int32'), numClasses, 1, 0, 'float32');
  const sums = tf.matMul(onehot, features, true) as tf.Tensor2D;
  return tf.div(sums, tf.expandDims(tf.sum(onehot, 0), 1));
}

/**
 * @param features of the training set, seen with the test transform, shape [N, D]
 * @param labels their classes, shape [N]; every class of [0, C) must occur
 * @param options.distance 'l2': minus the squared distance. 'cosine': the official code's, dot / D
 * @throws InputError when rows and labels differ in number, or a class has no image
 * @example
 * const head = ncm(trainFeatures, trainLabels, { numClasses: 10 }); // cl2n, l2: the official default
 */
export function ncm(
  features: tf.Tensor2D,
  labels: LabelList,
  options: { numClasses: number; kind?: FeatureKind; distance?: 'l2' | 'cosine' },
): Head {
  const { numClasses, kind = 'cl2n', distance = 'l2' } = checkOptions(options, { of: 'ncm' });
  checkIntegers({ numClasses });
  checkOneOf({ kind }, ['un', 'l2n', 'cl2n']);
  checkOneOf({ distance }, ['l2', 'cosine']);
  checkTensors({ features }, { rank: 2 });
  const checked = asLabels(labels, { numClasses });
  const [rows, featureDim] = features.shape;
  if (rows !== checked.length)
    throw new InputError(`ncm needs a label a feature, but got ${checked.length} for ${rows}.`);
  const missing = classCounts(checked, { numClasses }).indexOf(0);
  if (missing >= 0)
    throw new InputError(`ncm needs a training feature of every class, but class ${missing} has none.`, {
      missing,
    });
  const [centre, means] = tf
    .tidy(() => {
      const centre = kind === 'cl2n' ? tf.mean(features, 0) : tf.zeros([featureDim]);
      const known = kind === 'un' ? features : l2n(tf.sub(features, centre));
      return [centre, classMeans(known, checked, numClasses)] as tf.Tensor[];
    })
    .map((value) => owned(value));
  const weights = new Map([
    ['centre', centre!],
    ['means', means!],
  ]);
  return {
    name: 'ncm',
    numClasses,
    featureDim,
    weights,
    trainable: [],
    logits: (queries) =>
      tf.tidy(() => {
        const seen = kind === 'un' ? queries : l2n(tf.sub(queries, centre!));
        const dots = tf.matMul(seen, means!, false, true) as tf.Tensor2D;
        if (distance === 'cosine') return tf.div(dots, featureDim);
        const squares = (x: tf.Tensor) => tf.sum(tf.square(x), 1);
        const apart = tf.sub(tf.expandDims(squares(seen), 1), tf.mul(dots, 2));
        return tf.neg(tf.add(apart, squares(means!))) as tf.Tensor2D;
      }),
    dispose: () => disposeAll(weights),
  };
}
