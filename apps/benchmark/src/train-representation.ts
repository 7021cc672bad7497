/** Stage 1 (section 3): backbone and joint linear head together, under one sampler. */
import { type Backbone, trainable } from '@longtail/backbones';
import { classCounts } from '@longtail/core';
import { batches } from '@longtail/datasets';
import { cosineHead, type Head, linearHead } from '@longtail/heads';
import type { Loss } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { indicesOf } from '@longtail/samplers';
import { findLoss } from './losses.ts';
import { DEFAULT_LOSS, type Recipe, type RecipeData, type RecipeOptions } from './recipe.ts';
import { loadRepresentation, saveRepresentation, type TrainingState } from './representation-file.ts';
import type { EngineName } from './results.ts';
import { findSampler, samplerLabel } from './samplers.ts';
import { trainStep } from './train-step.ts';

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

/** Backbone as the recipe begins it, and the joint head that the loss is of. */
export async function beginRepresentation(
  recipe: Recipe,
  { train }: RecipeData,
  { seed, options }: { seed: number; options: RecipeOptions },
): Promise<{ backbone: Backbone; joint: Head; loss: Loss }> {
  const { default: make, logits } = await findLoss(options.loss ?? DEFAULT_LOSS);
  const numClasses = train.classNames.length;
  const loss = make(classCounts(train.labels, { numClasses }), { epochs: options.epochs, seed });
  const backbone = recipe.backbone({ seed });
  const head = logits === 'cosine' ? cosineHead : linearHead;
  return { backbone, joint: head({ featureDim: backbone.featureDim, numClasses, seed }), loss };
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
  const { backbone, joint, loss } = await beginRepresentation(recipe, data, { seed, options });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { weightDecay: options.weightDecay });
  const sampler = make(train.labels, { seed, epochs: options.epochs });
  const schedule = recipe.schedule(options);
  const save = (state: TrainingState) =>
    saveRepresentation(path, { backbone, joint, optimizer }, { state, engine });
  try {
    let state = await loadRepresentation(path, { backbone, joint, optimizer });
    while (state.epoch < options.epochs) {
      const { epoch } = state;
      const drawn = indicesOf(sampler, { epoch, images: train.length });
      const order = drawn.subarray(0, options.imagesPerEpoch || undefined);
      const dropLast = order.length > options.batchSize;
      const { batchSize } = options;
      const { onBadImage = 'fail' } = options;
      const reading = {
        batchSize,
        transform: recipe.augment,
        seed,
        epoch,
        dropLast,
        onBadImage,
        start: state.seen,
      };
      let start = performance.now();
      for await (const batch of batches(train, order, reading)) {
        if (signal.aborted) {
          await save(state);
          throw signal.reason;
        }
        const learningRate = schedule(epoch, state.seen / order.length);
        const done = trainStep(batch, {
          statistics: recipe.statistics,
          microBatch: options.microBatch ?? 0,
          backbone,
          joint,
          loss,
          optimizer,
          learningRate,
          epoch,
          step: stepOf(state, { images: order.length, batchSize }),
        });
        const size = batch.labels.length;
        state = {
          ...state,
          seen: batch.end,
          skipped: (state.skipped ?? 0) + batch.skipped.length,
          lossSum: state.lossSum + done.loss * size,
          hits: state.hits + done.hits,
          seconds: state.seconds + (performance.now() - start) / 1000,
        };
        start = performance.now();
        onStep({
          epoch: epoch + 1,
          epochs: options.epochs,
          images: epoch * order.length + state.seen,
          totalImages: options.epochs * order.length,
          loss: state.lossSum / (state.seen - (state.skipped ?? 0)),
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
  { epoch, seen, skipped = 0, lossSum, hits, seconds, history }: TrainingState,
  { sampler, learningRate }: { sampler: string; learningRate: number },
): TrainingState {
  const images = seen - skipped;
  const record = {
    sampler,
    epoch: epoch + 1,
    loss: lossSum / images,
    learningRate,
    trainAccuracy: hits / images,
    skipped,
    seconds,
  };
  return {
    epoch: epoch + 1,
    seen: 0,
    skipped: 0,
    lossSum: 0,
    hits: 0,
    seconds: 0,
    history: [...history, record],
  };
}

/** Steps since the training began: the same one where a stopped run goes on. */
const stepOf = (
  { epoch, seen }: TrainingState,
  { images, batchSize }: { images: number; batchSize: number },
): number => epoch * Math.ceil(images / batchSize) + Math.floor(seen / batchSize);
