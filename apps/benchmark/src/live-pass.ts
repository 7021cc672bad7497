/** One epoch of augmented pictures through the frozen backbone, and its features as the batches that heads learn from. */
import type { Backbone } from '@longtail/backbones';
import type { Batch, Dataset } from '@longtail/datasets';
import type { NamedArray } from '@longtail/formats';
import type { FeatureBatches } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { ranksOf } from './ranks.ts';
import { sharedFeatures } from './shared-features.ts';
import { readArrays } from './stage-file.ts';
import type { RunContext } from './stages.ts';
import type { Remedy } from './stored-json.ts';
import { partsOf } from './train-step.ts';

type Run = Pick<RunContext, 'recipe' | 'settings' | 'signal' | 'ranks'>;

/** Of a batch, in parts that fit into memory; batch norms see a part. [N, D], row by row. */
function featuresOf(
  backbone: Backbone,
  { pixels, shape: [count, ...size] }: Batch,
  { recipe, settings, training }: Pick<Run, 'recipe' | 'settings'> & { training: boolean },
): Float32Array {
  const bytes = tf.util.sizeFromShape(size);
  const part = ([begin, end]: readonly [number, number]): tf.Tensor2D =>
    tf.tidy(() => {
      const own = pixels.subarray(begin * bytes, end * bytes);
      return backbone.features(imagesFromBytes(own, [end - begin, ...size], recipe.statistics), { training });
    });
  const features = tf.tidy(() => tf.concat(partsOf(count, settings.options.microBatch || count).map(part)));
  // Read outside of tidy, which looks for tensors in every element of what it returns.
  const rows = features.dataSync<'float32'>() as Float32Array;
  features.dispose();
  return rows;
}

/**
 * @param order positions of the pictures; those at the end that fill no batch are left out
 * @param options.training whether batch norms normalise by the batch, and move: then of one process
 * @param options.epoch what augmentation is drawn by, beside the seed
 * @param options.onBatch hears how many more are done
 * @returns `features` [N, D], `labels` [N] and `ends` [B], where each batch ends; of several processes on the first
 * @throws DataError for a picture that cannot be read; the signal's reason when it is aborted
 */
export async function makeLivePass(
  backbone: Backbone,
  train: Dataset,
  order: Int32Array,
  {
    training,
    epoch,
    onBatch,
    ...run
  }: Run & { training: boolean; epoch: number; onBatch: (pictures: number) => void },
): Promise<Map<string, NamedArray>> {
  const { featureDim } = backbone;
  const { seed, options } = run.settings;
  const batchSize = Math.min(options.headBatchSize, order.length);
  const whole = order.subarray(0, order.length - (order.length % batchSize));
  const { values, labels, ends } = await sharedFeatures(train, whole, {
    ...{ batchSize, seed, epoch, featureDim, onBatch },
    transform: run.recipe.augment,
    onBadImage: options.onBadImage,
    maxBadImages: Number.POSITIVE_INFINITY, // a bad picture of a small class is drawn again and again
    ranks: ranksOf(run),
    featuresOf: (batch) => featuresOf(backbone, batch, { ...run, training }),
  });
  return new Map<string, NamedArray>([
    ['features', { shape: [labels.length, featureDim], data: values }],
    ['labels', { shape: [labels.length], data: labels }],
    ['ends', { shape: [ends.length], data: ends }],
  ]);
}

/** Of the pass that lies at an epoch's path; in memory is one pass. */
export const livePassBatches = (paths: readonly string[], remedy: Remedy): FeatureBatches =>
  async function* (epoch) {
    const { float32, int32 } = await readArrays(paths[epoch]!, remedy);
    const { data, shape } = float32('features', [null, null]);
    const [rows, dim] = shape as [number, number];
    const labels = int32('labels', [rows]).data;
    let begin = 0;
    for (const end of int32('ends', [null]).data) {
      yield {
        features: tf.tensor2d(data.subarray(begin * dim, end * dim), [end - begin, dim]),
        labels: tf.tensor1d(labels.subarray(begin, end), 'int32'),
      };
      begin = end;
    }
  };
