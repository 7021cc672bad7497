/** Stage 1 (section 3): backbone and joint linear head together, under one sampler. */
import { type Backbone, trainable } from '@longtail/backbones';
import { type Batch, batches } from '@longtail/datasets';
import { type Head, linearHead } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { type Sgd, sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe, RecipeData, RecipeOptions } from './recipe.ts';
import { loadRepresentation, saveRepresentation, type TrainingState } from './representation-file.ts';
import type { EngineName } from './results.ts';
import { findSampler, samplerLabel } from './samplers.ts';

export interface StepProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images seen, and to be seen, in all epochs. */
  readonly images: number;
  readonly totalImages: number;
  /** The mean of this epoch so far. */
  readonly loss: number;
}

export interface TrainOptions {
  readonly sampler: string;
  readonly options: RecipeOptions;
  readonly seed: number;
  readonly engine: EngineName;
  /** Where the representation lies: read to go on, written after every epoch and when stopped. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onStep: (progress: StepProgress) => void;
}

/** Backbone and joint head as the recipe begins them. */
export function beginRepresentation(
  recipe: Recipe,
  { train }: RecipeData,
  { seed }: { seed: number },
): { backbone: Backbone; joint: Head } {
  const backbone = recipe.backbone({ seed });
  const numClasses = train.classNames.length;
  return { backbone, joint: linearHead({ featureDim: backbone.featureDim, numClasses, seed }) };
}

/**
 * Trains to the last epoch, from where the file at `path` is.
 *
 * @throws the signal's reason when it is aborted; the file then holds the last whole step
 */
export async function trainRepresentation(
  recipe: Recipe,
  data: RecipeData,
  { sampler: name, options, seed, engine, path, signal, onStep }: TrainOptions,
): Promise<void> {
  const { train } = data;
  const make = await findSampler(name);
  const { backbone, joint } = beginRepresentation(recipe, data, { seed });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { weightDecay: options.weightDecay });
  const sampler = make(train.labels, { seed, epochs: options.epochs });
  const schedule = recipe.schedule(options);
  const save = (state: TrainingState) =>
    saveRepresentation(path, { backbone, joint, optimizer }, { state, engine });
  try {
    let state = await loadRepresentation(path, { backbone, joint, optimizer });
    while (state.epoch < options.epochs) {
      const { epoch } = state;
      const order = sampler.indices(epoch).subarray(0, options.imagesPerEpoch || undefined);
      const dropLast = order.length > options.batchSize;
      const { batchSize } = options;
      const reading = { batchSize, transform: recipe.augment, seed, epoch, dropLast, start: state.seen };
      let start = performance.now();
      for await (const batch of batches(train, order, reading)) {
        if (signal.aborted) {
          await save(state);
          throw signal.reason;
        }
        const learningRate = schedule(epoch, state.seen / order.length);
        const { loss, hits } = trainStep(batch, { recipe, backbone, joint, optimizer, learningRate, epoch });
        const size = batch.labels.length;
        state = {
          ...state,
          seen: state.seen + size,
          lossSum: state.lossSum + loss * size,
          hits: state.hits + hits,
          seconds: state.seconds + (performance.now() - start) / 1000,
        };
        start = performance.now();
        onStep({
          epoch: epoch + 1,
          epochs: options.epochs,
          images: epoch * order.length + state.seen,
          totalImages: options.epochs * order.length,
          loss: state.lossSum / state.seen,
        });
      }
      state = nextEpoch(state, { sampler: samplerLabel(name), learningRate: schedule(epoch) });
      await save(state);
    }
  } finally {
    optimizer.dispose();
    joint.dispose();
    backbone.dispose();
  }
}

function nextEpoch(
  { epoch, seen, lossSum, hits, seconds, history }: TrainingState,
  { sampler, learningRate }: { sampler: string; learningRate: number },
): TrainingState {
  const record = {
    sampler,
    epoch: epoch + 1,
    loss: lossSum / seen,
    learningRate,
    trainAccuracy: hits / seen,
    seconds,
  };
  return { epoch: epoch + 1, seen: 0, lossSum: 0, hits: 0, seconds: 0, history: [...history, record] };
}

function trainStep(
  batch: Batch,
  {
    recipe,
    backbone,
    joint,
    optimizer,
    learningRate,
    epoch,
  }: { recipe: Recipe; backbone: Backbone; joint: Head; optimizer: Sgd; learningRate: number; epoch: number },
): { loss: number; hits: number } {
  const loss = crossEntropy();
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
