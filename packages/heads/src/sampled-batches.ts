/** Batches of a training set that lies on the device, drawn row by row: what cRT and LWS learn from. */
import {
  asLabels,
  checkFunctions,
  checkIntegers,
  checkOptions,
  checkPositions,
  InputError,
  type LabelList,
} from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureBatch } from './head.ts';

/** Which rows an epoch takes, a function of the epoch alone; those of `@longtail/samplers` fit. */
export interface RowSampler {
  readonly indices: (epoch: number) => ArrayLike<number>;
}

export interface SamplingOptions {
  readonly sampler: RowSampler;
  /** Default: 512, or an epoch's rows where those are fewer. */
  readonly batchSize?: number;
}

/** And which rows of the set they are. */
export interface SampledBatch extends FeatureBatch {
  readonly rows: Int32Array;
}

/** Batches that say what they are drawn from, for `lws` and `marc` to compute what stays the same once. */
export type SampledBatches = ((epoch: number) => Iterable<SampledBatch>) & {
  readonly drawn: { readonly features: tf.Tensor2D; readonly labels: LabelList } & SamplingOptions;
};

/**
 * @param features shape [N, D]; not copied, and not disposed here
 * @param labels their classes, shape [N]
 * @returns full batches only: the rows at the end of an epoch that fill none are left out
 * @throws InputError when rows and labels differ in number; at an epoch, when the sampler names a row that is not there
 * @example
 * const batches = sampledBatches(features, labels, { sampler: classAware(labels, { seed: 0 }) });
 * const head = await crt(batches, { featureDim: 2048, numClasses: 1000, seed: 0 });
 */
export function sampledBatches(
  features: tf.Tensor2D,
  labels: LabelList,
  options: SamplingOptions,
): SampledBatches {
  const { sampler, batchSize = 512 } = checkOptions(options, { of: 'sampledBatches' });
  checkTensors({ features }, { rank: 2 });
  checkFunctions({ 'sampler.indices': sampler?.indices });
  checkIntegers({ batchSize });
  const [length] = features.shape;
  const classes = asLabels(labels);
  if (classes.length !== length)
    throw new InputError(
      `sampledBatches needs a label for each row of features, but got ${classes.length} for ${length}.`,
    );
  function* batches(epoch: number): Iterable<SampledBatch> {
    const indices = sampler.indices(epoch);
    checkPositions(indices, { length, of: 'features', name: 'the indices of the sampler' });
    const rows = Int32Array.from(indices);
    const size = Math.min(batchSize, rows.length);
    for (let start = 0; start + size <= rows.length; start += size) {
      const own = rows.subarray(start, start + size);
      yield {
        rows: own,
        features: tf.tidy(() => tf.gather(features, tf.tensor1d(own, 'int32'))),
        labels: tf.tensor1d(
          own.map((row) => classes[row]!),
          'int32',
        ),
      };
    }
  }
  return Object.assign(batches, { drawn: { features, labels: classes, sampler, batchSize } });
}
