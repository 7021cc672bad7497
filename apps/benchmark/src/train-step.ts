/** A step of stage 1, on a batch as a whole or in parts that fit into memory. */
import type { Backbone } from '@longtail/backbones';
import type { Batch } from '@longtail/datasets';
import type { Head } from '@longtail/heads';
import { imagesFromBytes, type SumOverProcesses, withSharedMoments } from '@longtail/kernels';
import { type Loss, mixup } from '@longtail/losses';
import { checkpointed, type Exchange, type Optimizer } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from './recipe.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { trainedVariables } from './trained-parts.ts';
import type { WholeBatch } from './whole-batch.ts';

export interface Step {
  readonly statistics: Recipe['statistics'];
  /** Stages of the backbone that stay as they are. */
  readonly frozen?: readonly string[];
  readonly backbone: Backbone;
  readonly joint: Head;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly microBatch: RecipeOptions['microBatch'];
  /** alpha, and what the shares and partners of each step are drawn by. Default: pictures as they are. */
  readonly mixup?: { readonly alpha: number; readonly seed: number } | undefined;
  readonly epoch: number;
  readonly step: number;
  /** What `batch` is a part of, where there are several processes; default: it is the whole. */
  readonly whole?: WholeBatch;
  /** Sums gradients over them. */
  readonly exchange?: Exchange;
  /** Sums moments over them: batch norms see the whole batch. Default: their part. */
  readonly sharedMoments?: SumOverProcesses;
}

/** @returns the loss of the whole batch, and how many of its pictures the joint head had right before the step */
export function trainStep(
  batch: Batch,
  { joint, loss, optimizer, learningRate, epoch, step, mixup: mixing, ...more }: Step,
): { loss: number; hits: number } {
  const { whole, exchange, sharedMoments, ...how } = more;
  const { labels: classes } = whole ?? batch;
  if (classes.length === 0) return { loss: 0, hits: 0 }; // of several processes: none of its pictures could be read
  return tf.tidy(() => {
    const labels = tf.tensor1d(classes, 'int32');
    const { images, targets } = picturesOf(batch, { ...how, step, mixing, numClasses: joint.numClasses });
    const featuresOf = featuresLater(images, batch.labels.length, how);
    let hits: tf.Tensor | undefined;
    const lossOf = (): tf.Scalar => {
      const own = featuresOf();
      const features = whole ? whole.features(own, how.backbone.featureDim) : own!;
      const logits = joint.logits(features);
      hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'int32')));
      return loss(logits, targets ?? labels, { epoch, step, features });
    };
    const minimize = () => optimizer.minimize(lossOf, { learningRate, ...(exchange && { exchange }) });
    const value = sharedMoments ? withSharedMoments(sharedMoments, minimize) : minimize();
    const found = { loss: value.dataSync()[0]!, hits: hits!.dataSync()[0]! };
    hits!.dispose();
    return found;
  }) as never;
}

/** [begin, end) of as few parts as there can be of at most `most`, of equal size but for one: no batch norm sees a rest. */
export function partsOf(count: number, most: number): (readonly [begin: number, end: number])[] {
  const parts = Math.ceil(count / most);
  const at = (i: number) => Math.floor((i * count) / parts);
  return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)] as const);
}

/** Pictures [begin, end) of a batch, normalised; where they are mixed, the whole batch's soft targets, too. */
function picturesOf(
  { pixels, shape: [count, ...size], labels }: Batch,
  {
    statistics,
    step,
    numClasses,
    mixing,
  }: Pick<Step, 'statistics' | 'step'> & { numClasses: number; mixing: Step['mixup'] },
): { images: (begin: number, end: number) => tf.Tensor4D; targets?: tf.Tensor2D } {
  const bytes = tf.util.sizeFromShape(size);
  const images = (begin: number, end: number): tf.Tensor4D =>
    imagesFromBytes(pixels.subarray(begin * bytes, end * bytes), [end - begin, ...size], statistics);
  if (!mixing) return { images };
  // Partners are of the whole batch; of its pictures little lies in memory beside what a network keeps of a part.
  const mixed = mixup(images(0, count), labels, { ...mixing, numClasses, step });
  const { targets } = mixed;
  return {
    images: (begin, end) => tf.slice(mixed.images, [begin, 0, 0, 0], [end - begin, -1, -1, -1]),
    targets,
  };
}

/**
 * The features of all pictures of a batch, which the loss sees at once however they come about: weights whose sum it divides by,
 * noise and pairs are those of the batch. Of a part, nothing is kept but its features, and it runs again in the backward pass.
 * Of no pictures there are none.
 */
function featuresLater(
  images: (begin: number, end: number) => tf.Tensor4D,
  count: number,
  { backbone, microBatch, frozen = [] }: Pick<Step, 'backbone' | 'microBatch' | 'frozen'>,
): () => tf.Tensor2D | undefined {
  const how = { training: true, frozen };
  if (count === 0) return () => undefined;
  if (microBatch === 0 || count <= microBatch) {
    const all = images(0, count);
    return () => backbone.features(all, how);
  }
  const variables = trainedVariables(backbone, { frozen });
  const part = (begin: number, end: number) => () =>
    tf.tidy(() => backbone.features(images(begin, end), how));
  return () =>
    tf.concat(partsOf(count, microBatch).map((range) => checkpointed(part(...range), [], variables)));
}
