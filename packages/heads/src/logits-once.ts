/**
 * What a frozen head makes of a training set, computed once: W and b stay, so a row's logits are the same in each of its draws, and
 * an epoch of LWS or MARC is a pass over [N, C] instead of a product of matrices.
 */
import { checkIntegers } from '@longtail/core';
import { linear } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkFeatures, type FeatureBatches, type Head, linearWeights } from './head.ts';
import { type SampledBatch, type SampledBatches, sampledBatches } from './sampled-batches.ts';
import type { HeadLoss } from './train-head.ts';

/** Logits that are kept at the most: 1 GiB of them. ImageNet-LT has 463 MB, iNaturalist 2018 14 GB. */
const MOST_LOGITS = 2 ** 28;

const isSampled = (batches: FeatureBatches): batches is SampledBatches =>
  typeof batches === 'function' && 'drawn' in batches;

interface LogitsOnce {
  /** Of logits [n, C] in the features' place. */
  readonly batches: FeatureBatches;
  /** The same loss; one that looks at the features of a batch is given them. */
  readonly lossOf: (loss: HeadLoss) => HeadLoss;
  /** Of all rows, the caller's to dispose. */
  readonly logits: tf.Tensor2D;
}

/**
 * @param joint a linear head
 * @returns undefined where logits are made row by row: of batches that do not say what they are drawn from, fewer draws than rows, more
 *   than 2^28 logits, or some that are no finite number
 */
export function logitsOnce(
  joint: Head,
  batches: FeatureBatches,
  { epochs, of }: { epochs: number; of: string },
): LogitsOnce | undefined {
  checkIntegers({ epochs });
  const { weight, bias } = linearWeights(joint, { of });
  if (!isSampled(batches)) return undefined;
  const { features, labels, ...sampling } = batches.drawn;
  const [rows] = features.shape;
  const isWorthIt = epochs * sampling.sampler.indices(0).length >= rows;
  if (!isWorthIt || rows * joint.numClasses > MOST_LOGITS) return undefined;
  checkFeatures(features, joint);
  const layer = { weight: weight as tf.Tensor2D, ...(bias && { bias: bias as tf.Tensor1D }) };
  const logits = linear(features, layer);
  const sum = tf.tidy(() => tf.sum(logits).dataSync()[0]);
  if (!Number.isFinite(sum)) {
    logits.dispose(); // whose batch is named when it comes
    return undefined;
  }
  const drawn = sampledBatches(logits, labels, sampling);
  let now: SampledBatch; // of the step that is made: batches are asked for one by one
  function* inTurn(epoch: number) {
    for (now of drawn(epoch)) yield now;
  }
  const lossOf =
    (loss: HeadLoss): HeadLoss =>
    (scores, classes, about) =>
      loss(scores, classes, {
        ...about,
        get features(): tf.Tensor2D {
          return tf.gather(features, tf.tensor1d(now.rows, 'int32'));
        },
      });
  return { batches: inTurn, lossOf, logits };
}
