/** FeCAM's head of the classes' means and inverse correlations; how they are found: fecam.ts. */
import { checkNumbers, checkOptions, checkStrings } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from './cosine.ts';
import { CHUNK } from './feature-rows.ts';
import { checkFeatures, checkShapes, disposeAll, type Head, owned } from './head.ts';
import { inChunks } from './in-chunks.ts';

/** Differences of queries to means that exist at once: 64 MB. */
const MOST_DIFFERENCES = 2 ** 24;

export interface FecamTensors {
  /** g(m_c), shape [C, D]. */
  readonly means: tf.Tensor2D;
  /** R_c^-1, shape [C, D, D]. */
  readonly precision: tf.Tensor3D;
  /** Added to the scores, shape [C]. */
  readonly bias: tf.Tensor1D;
}

/** f^t; of a query's value below 0 it is 0. */
export const powerOf = (rows: tf.Tensor2D, tukey: number): tf.Tensor2D =>
  tukey === 1 ? rows : tf.pow(tf.relu(rows), tukey);

/**
 * A head that takes the tensors over.
 *
 * @param options.tukey t, above 0, at most 1. Default: 0.5
 * @throws InputError unless they fit
 */
export function fecamFrom(name: string, tensors: FecamTensors, options: { tukey?: number } = {}): Head {
  const given = checkOptions(tensors, { of: 'fecamFrom' });
  const { tukey = 0.5 } = checkOptions(options, { of: 'fecamFrom' });
  checkStrings({ name });
  checkNumbers({ tukey }, { above: 0, most: 1 });
  checkTensors({ means: given.means }, { rank: 2 });
  const [numClasses, featureDim] = given.means.shape;
  const shapes = { precision: [numClasses, featureDim, featureDim], bias: [numClasses] };
  checkShapes({ ...given }, shapes, { of: 'fecamFrom' });
  const [means, precision] = [owned<tf.Rank.R2>(given.means), owned<tf.Rank.R3>(given.precision)];
  const bias = owned<tf.Rank.R1>(given.bias);
  const weights = new Map<string, tf.Variable>([
    ['means', means],
    ['precision', precision],
    ['bias', bias],
  ]);
  const score = (queries: tf.Tensor2D): tf.Tensor2D => {
    const seen = unitRows(powerOf(queries, tukey));
    const apart = tf.sub(tf.expandDims(seen, 0), tf.expandDims(means, 1)); // [C, n, D]
    const distances = tf.sum(tf.mul(tf.matMul(apart, precision), apart), 2);
    return tf.sub(bias, tf.transpose(distances));
  };
  const chunk = Math.min(CHUNK, Math.ceil(MOST_DIFFERENCES / (numClasses * featureDim)));
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'fecam', tukey },
    trainable: [],
    logits: (queries) => {
      checkFeatures(queries, { featureDim });
      return inChunks(queries, score, { numClasses, chunk });
    },
    dispose: () => disposeAll(weights),
  };
}
