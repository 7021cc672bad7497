/** Stage 1 (section 3): backbone and joint linear head together, under one sampler. */
import { type Backbone, trainable } from '@longtail/backbones';
import { batches } from '@longtail/datasets';
import { type Head, linearHead } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe, RecipeData, RecipeOptions } from './recipe.ts';
import type { EpochRecord } from './results.ts';
import { SAMPLERS } from './samplers.ts';

export interface Representation {
  readonly backbone: Backbone;
  readonly joint: Head;
  readonly history: readonly EpochRecord[];
}

export interface StepProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Images seen, and to be seen, in all epochs. */
  readonly images: number;
  readonly totalImages: number;
  readonly loss: number;
}

/**
 * Trains to the last epoch: without a validation set there is no best one.
 *
 * @throws the signal's reason when it is aborted
 */
export async function trainRepresentation(
  recipe: Recipe,
  { train }: RecipeData,
  {
    sampler: name,
    options,
    seed,
    signal,
    onStep,
  }: {
    sampler: string;
    options: RecipeOptions;
    seed: number;
    signal: AbortSignal;
    onStep: (progress: StepProgress) => void;
  },
): Promise<Representation> {
  const backbone = recipe.backbone({ seed });
  const joint = linearHead({ featureDim: backbone.featureDim, numClasses: train.classNames.length, seed });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { weightDecay: options.weightDecay });
  const sampler = SAMPLERS[name]!(train.labels, { seed, epochs: options.epochs });
  const schedule = recipe.schedule(options);
  const loss = crossEntropy();
  const history: EpochRecord[] = [];
  let images = 0;
  try {
    for (let epoch = 0; epoch < options.epochs; epoch++) {
      const start = performance.now();
      let [lossSum, hits, seen] = [0, 0, 0];
      const order = sampler.indices(epoch).subarray(0, options.imagesPerEpoch || undefined);
      for await (const batch of batches(train, order, {
        batchSize: options.batchSize,
        transform: recipe.augment,
        seed,
        epoch,
        dropLast: order.length > options.batchSize,
      })) {
        signal.throwIfAborted();
        const learningRate = schedule(epoch, seen / order.length);
        const step = trainStep({ batch, learningRate, epoch });
        seen += batch.labels.length;
        images += batch.labels.length;
        lossSum += step.loss * batch.labels.length;
        hits += step.hits;
        onStep({
          epoch: epoch + 1,
          epochs: options.epochs,
          images,
          totalImages: options.epochs * order.length,
          loss: lossSum / seen,
        });
      }
      history.push({
        sampler: name,
        epoch: epoch + 1,
        loss: lossSum / seen,
        learningRate: schedule(epoch),
        trainAccuracy: hits / seen,
        seconds: (performance.now() - start) / 1000,
      });
    }
    return { backbone, joint, history };
  } catch (error) {
    backbone.dispose();
    joint.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }

  function trainStep({
    batch,
    learningRate,
    epoch,
  }: {
    batch: { pixels: Uint8Array; shape: readonly [number, number, number, number]; labels: Int32Array };
    learningRate: number;
    epoch: number;
  }): { loss: number; hits: number } {
    return tf.tidy(() => {
      const x = imagesFromBytes(batch.pixels, batch.shape, recipe.statistics);
      const labels = tf.tensor1d(batch.labels, 'int32');
      let hits: tf.Tensor | undefined;
      const value = optimizer.minimize(
        () => {
          const logits = joint.logits(backbone.features(x, { training: true }));
          hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'int32')));
          return loss(logits, labels, { epoch });
        },
        { learningRate },
      );
      const found = { loss: value.dataSync()[0]!, hits: hits!.dataSync()[0]! };
      hits!.dispose();
      return found;
    }) as never;
  }
}
