/**
 * NCM, the nearest class mean (section 4.2; run_networks.py and KNNClassifier.py of the official code): a test
 * feature is scored against the mean training feature of each class. Nothing is learned.
 */
import { checkOneOf, checkOptions, checkStrings, InputError, type LabelList } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { classMeans } from './class-sums.ts';
import { type Features, meanOf } from './feature-rows.ts';
import { checkFeatures, disposeAll, type Head, owned } from './head.ts';
import { inChunks } from './in-chunks.ts';
import { rowNorms } from './row-norms.ts';
import { checkTrainingSet } from './training-set.ts';

/** 'un': as they are. 'l2n': f / ||f||. 'cl2n': (f - mean of all) / ||f - mean of all||. */
export type FeatureKind = 'un' | 'l2n' | 'cl2n';

export interface NcmOptions {
  /** Default: 'cl2n', the official code's. */
  readonly kind?: FeatureKind;
  /** 'l2' (default): minus the squared distance. 'cosine': the official code's, dot / D. */
  readonly distance?: 'l2' | 'cosine';
}

/** Queries that are looked at together: of 2048 features 8 MB. */
const ROWS = 1024;

const seenFrom =
  (centre: tf.Tensor1D, kind: FeatureKind) =>
  (x: tf.Tensor2D): tf.Tensor2D => {
    if (kind === 'un') return x;
    const from = tf.sub(x, centre);
    return tf.div(from, tf.maximum(rowNorms(from), 1e-12));
  };

/**
 * @param features of the training set, seen with the test transform, shape [N, D]; a tensor, or rows that are read as they are asked for
 * @param labels their classes, shape [N]; one without a feature has no mean and scores -Infinity, by a `bias`
 * @throws InputError when rows and labels differ in number, or a row is not finite
 * @example
 * const head = ncm(trainFeatures, trainLabels, { numClasses: 10 });
 */
export function ncm(
  features: Features,
  labels: LabelList,
  options: { numClasses: number } & NcmOptions,
): Head {
  const { numClasses, kind = 'cl2n', distance = 'l2' } = checkOptions(options, { of: 'ncm' });
  checkOneOf({ kind }, ['un', 'l2n', 'cl2n']);
  checkOneOf({ distance }, ['l2', 'cosine']);
  const set = checkTrainingSet(features, labels, { numClasses, of: 'ncm' });
  const featureDim = features.shape[1];
  const [centre, means] = tf.tidy(() => {
    const centre = kind === 'cl2n' ? meanOf(features) : tf.zeros<tf.Rank.R1>([featureDim]);
    return [centre, classMeans(features, set, { seen: seenFrom(centre, kind) })] as const;
  });
  const { counts } = set;
  const bias = counts.includes(0)
    ? tf.tensor1d(Float32Array.from(counts, (n) => (n === 0 ? Number.NEGATIVE_INFINITY : 0)))
    : undefined;
  return ncmFrom('ncm', { centre, means, bias }, { kind, distance });
}

/**
 * A head that takes the tensors over.
 *
 * @param tensors.centre shape [D], what is taken off for 'cl2n'; means, shape [C, D]; bias, shape [C], added to the scores
 * @throws InputError unless they fit
 */
export function ncmFrom(
  name: string,
  tensors: { centre: tf.Tensor1D; means: tf.Tensor2D; bias?: tf.Tensor1D | undefined },
  options: NcmOptions = {},
): Head {
  const given = checkOptions(tensors, { of: 'ncmFrom' });
  const { kind = 'cl2n', distance = 'l2' } = checkOptions(options, { of: 'ncmFrom' });
  checkStrings({ name });
  checkOneOf({ kind }, ['un', 'l2n', 'cl2n']);
  checkOneOf({ distance }, ['l2', 'cosine']);
  checkTensors({ means: given.means }, { rank: 2 });
  checkTensors({ centre: given.centre, ...(given.bias && { bias: given.bias }) }, { rank: 1 });
  const [numClasses, featureDim] = given.means.shape;
  if (given.centre.shape[0] !== featureDim || (given.bias && given.bias.shape[0] !== numClasses))
    throw new InputError(
      `ncmFrom needs means [C, D], a centre [D] and a bias [C], but got [${given.means.shape}], [${given.centre.shape}]${given.bias ? ` and [${given.bias.shape}]` : ''}.`,
    );
  const [centre, means] = [owned<tf.Rank.R1>(given.centre), owned<tf.Rank.R2>(given.means)];
  const bias = given.bias && owned<tf.Rank.R1>(given.bias);
  const weights = new Map<string, tf.Variable>([
    ['centre', centre],
    ['means', means],
    ...(bias ? [['bias', bias] as const] : []),
  ]);
  const seen = seenFrom(centre, kind);
  const squares = (x: tf.Tensor) => tf.sum(tf.square(x), 1);
  const scores = (rows: tf.Tensor2D, lengths: tf.Tensor): tf.Tensor2D => {
    const dots = tf.matMul(rows, means, false, true) as tf.Tensor2D;
    if (distance === 'cosine') return tf.div(dots, featureDim);
    return tf.neg(tf.add(tf.sub(tf.expandDims(squares(rows), 1), tf.mul(dots, 2)), lengths));
  };
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'ncm', features: kind, distance },
    trainable: [],
    logits: (queries) => {
      checkFeatures(queries, { featureDim });
      return tf.tidy(() => {
        const lengths = squares(means);
        const known = (rows: tf.Tensor2D) => scores(seen(rows), lengths);
        const scored = (rows: tf.Tensor2D) => (bias ? tf.add<tf.Tensor2D>(known(rows), bias) : known(rows));
        return inChunks(queries, scored, { numClasses, chunk: ROWS });
      });
    },
    dispose: () => disposeAll(weights),
  };
}
