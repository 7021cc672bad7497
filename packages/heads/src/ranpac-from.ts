/** RanPAC's head of what it has drawn and solved, z = W relu(P^T f) + b; how: ranpac.ts. */
import { checkIntegers, checkOptions, checkStrings } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkFeatures, checkShapes, disposeAll, type Head, owned } from './head.ts';
import { inChunks } from './in-chunks.ts';

export interface RanpacTensors {
  /** P, shape [D, M]. */
  readonly projection: tf.Tensor2D;
  /** W, shape [C, M]. */
  readonly weight: tf.Tensor2D;
  /** b, shape [C]. */
  readonly bias: tf.Tensor1D;
}

/**
 * A head that takes the tensors over.
 *
 * @param options.chunk how many rows are looked at together. Default: 1024
 * @throws InputError unless they fit
 */
export function ranpacFrom(name: string, tensors: RanpacTensors, options: { chunk?: number } = {}): Head {
  const given = checkOptions(tensors, { of: 'ranpacFrom' });
  const { chunk = 1024 } = checkOptions(options, { of: 'ranpacFrom' });
  checkStrings({ name });
  checkIntegers({ chunk });
  checkTensors({ projection: given.projection, weight: given.weight }, { rank: 2 });
  const [[featureDim, width], [numClasses]] = [given.projection.shape, given.weight.shape];
  checkShapes({ ...given }, { weight: [numClasses, width], bias: [numClasses] }, { of: 'ranpacFrom' });
  const [projection, weight] = [owned<tf.Rank.R2>(given.projection), owned<tf.Rank.R2>(given.weight)];
  const bias = owned<tf.Rank.R1>(given.bias);
  const weights = new Map<string, tf.Variable>([
    ['projection', projection],
    ['weight', weight],
    ['bias', bias],
  ]);
  const score = (rows: tf.Tensor2D): tf.Tensor2D =>
    tf.add(tf.matMul(tf.relu(tf.matMul(rows, projection)), weight, false, true), bias);
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'ranpac', chunk },
    trainable: [],
    logits: (queries) => {
      checkFeatures(queries, { featureDim });
      return inChunks(queries, score, { numClasses, chunk });
    },
    dispose: () => disposeAll(weights),
  };
}
