/** A step of stage 1, on a batch as a whole or in parts that fit into memory. */
import { type Backbone, trainable } from '@longtail/backbones';
import type { Batch } from '@longtail/datasets';
import type { Head } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import type { Loss } from '@longtail/losses';
import { checkpointed, type Optimizer } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe, RecipeOptions } from './recipe.ts';

export interface Step {
  readonly statistics: Recipe['statistics'];
  readonly backbone: Backbone;
  readonly joint: Head;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly microBatch: NonNullable<RecipeOptions['microBatch']>;
  readonly epoch: number;
  readonly step: number;
}

/** @returns the loss, and how many pictures the joint head had right before the step */
export function trainStep(
  batch: Batch,
  { joint, loss, optimizer, learningRate, epoch, step, ...how }: Step,
): { loss: number; hits: number } {
  return tf.tidy(() => {
    const labels = tf.tensor1d(batch.labels, 'int32');
    const featuresOf = featuresLater(batch, how);
    let hits: tf.Tensor | undefined;
    const value = optimizer.minimize(
      () => {
        const features = featuresOf();
        const logits = joint.logits(features);
        hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'int32')));
        return loss(logits, labels, { epoch, step, features });
      },
      { learningRate },
    );
    const found = { loss: value.dataSync()[0]!, hits: hits!.dataSync()[0]! };
    hits!.dispose();
    return found;
  }) as never;
}

/** [begin, end) of as few parts as there can be of at most `most`, of equal size but for one: no batch norm sees a rest. */
function partsOf(count: number, most: number): (readonly [begin: number, end: number])[] {
  const parts = Math.ceil(count / most);
  const at = (i: number) => Math.floor((i * count) / parts);
  return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)] as const);
}

/**
 * The features of the whole batch, which the loss sees at once however they come about: weights whose sum it divides by,
 * noise and pairs are those of the batch. Of a part, nothing is kept but its features, and it runs again in the backward pass.
 */
function featuresLater(
  { pixels, shape, labels }: Batch,
  { statistics, backbone, microBatch }: Pick<Step, 'statistics' | 'backbone' | 'microBatch'>,
): () => tf.Tensor2D {
  const [, ...size] = shape;
  const bytes = tf.util.sizeFromShape(size);
  const images = (begin: number, end: number) =>
    imagesFromBytes(pixels.subarray(begin * bytes, end * bytes), [end - begin, ...size], statistics);
  const count = labels.length;
  if (microBatch === 0 || count <= microBatch) {
    const all = images(0, count);
    return () => backbone.features(all, { training: true });
  }
  const variables = trainable(backbone);
  const part = (begin: number, end: number) => () =>
    tf.tidy(() => backbone.features(images(begin, end), { training: true }));
  return () =>
    tf.concat(partsOf(count, microBatch).map((range) => checkpointed(part(...range), [], variables)));
}
