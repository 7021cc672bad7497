/** The loop of both stages that train a network on pictures: saved within epochs, gone on with to the same bits. */
import type { Backbone } from '@longtail/backbones';
import { batches, type Dataset } from '@longtail/datasets';
import type { Head } from '@longtail/heads';
import type { Loss } from '@longtail/losses';
import type { Optimizer, Schedule } from '@longtail/optim';
import { indicesOf, type Sampler } from '@longtail/samplers';
import { allFinite, type FailedStep, failStep, forgetFailedStep } from './finite-loss.ts';
import { expectPictures, partOf, type Ranks } from './ranks.ts';
import type { Recipe } from './recipe.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { loadRepresentation, saveRepresentation } from './representation-file.ts';
import type { EngineName } from './results.ts';
import type { Stamp } from './run-stamp.ts';
import { type SaveEvery, saveClock, USUALLY } from './save-every.ts';
import { expectReadable, sharingOf } from './sharing.ts';
import { trainStep } from './train-step.ts';
import { stepOf, type TrainingState } from './training-state.ts';
import { wholeBatch } from './whole-batch.ts';

export interface StepProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images seen, and to be seen, in all epochs. */
  readonly images: number;
  readonly totalImages: number;
  /** The mean of this epoch so far, as the accuracy on its batches, 0..1. */
  readonly loss: number;
  readonly accuracy: number;
}

/** What a training is of, wherever it begins. */
export interface TrainingRun {
  readonly options: RecipeOptions;
  readonly seed: number;
  readonly engine: EngineName;
  /** What the network is of: kept in its file. */
  readonly stamp: Stamp;
  /** Where the network lies: read to go on, written within and after every epoch and when stopped. */
  readonly path: string;
  /** How much may be lost where the process is killed. */
  readonly saveEvery?: SaveEvery;
  readonly ranks: Ranks;
  readonly onStep: (progress: StepProgress) => void;
}

export interface Network {
  readonly backbone: Backbone;
  readonly joint: Head;
  readonly optimizer: Optimizer;
}

export interface NetworkTraining extends TrainingRun {
  readonly recipe: Pick<Recipe, 'statistics' | 'augment' | 'frozen'>;
  readonly sampler: Sampler;
  /** What the history calls it. */
  readonly label: string;
  readonly loss: Loss;
  readonly schedule: Schedule;
  /** Of `options`, those that both stages have by other names. */
  readonly epochs: number;
  readonly batchSize: number;
  /** The epoch that augmentation begins with: that of stage 1 goes on in stage 2. Default: 0. */
  readonly augmentedFrom?: number;
  /** alpha. Default: 0, none. */
  readonly mixup?: number;
  /** The option of the rate, where it is not `learningRate`. */
  readonly rateOption?: string;
}

/**
 * Trains to the last epoch, from where the file at `path` is.
 *
 * @param network the caller's to dispose
 * @throws the signal's reason when it is aborted; the file then holds the last whole step
 * @throws NotFiniteError when a loss or a weight is no finite number; the file stays as it was
 */
export async function trainNetwork(
  network: Network,
  train: Dataset,
  {
    recipe,
    sampler,
    label,
    loss,
    schedule,
    epochs,
    batchSize,
    augmentedFrom = 0,
    mixup: mixing = 0,
    rateOption: rate,
    options,
    seed,
    engine,
    stamp,
    path,
    saveEvery = USUALLY,
    ranks,
    onStep,
  }: NetworkTraining,
): Promise<void> {
  const { backbone, joint } = network;
  const variables = [...backbone.weights.values(), ...joint.weights.values()];
  const clock = saveClock(saveEvery);
  let last: FailedStep | undefined;
  const { rank, signal } = ranks;
  const shared = sharingOf(network, { recipe, ranks, microBatch: options.microBatch, mixing });
  const save = async (state: TrainingState) => {
    if (rank > 0) return;
    if (last && !allFinite(variables)) await failStep(path, last, { rate });
    await saveRepresentation(path, network, { state, engine, stamp });
    clock.saved();
  };
  if (rank === 0) await forgetFailedStep(path);
  // Where a machine sees another folder, or an older state of it, its process goes on from the first one's, too.
  let state = await ranks.first(() => loadRepresentation(path, network));
  ranks.collective?.broadcast([...variables, ...network.optimizer.state.values()]);
  while (state.epoch < epochs) {
    const { epoch } = state;
    const drawn = indicesOf(sampler, { epoch, images: train.length });
    const order = drawn.subarray(0, options.imagesPerEpoch || undefined);
    expectPictures(Math.min(batchSize, order.length), ranks);
    const reading = {
      batchSize,
      transform: recipe.augment,
      seed,
      epoch: augmentedFrom + epoch,
      dropLast: order.length > batchSize,
      onBadImage: options.onBadImage,
      start: state.seen,
      ...partOf(ranks),
    };
    let start = performance.now();
    for await (const batch of batches(train, order, reading)) {
      const isDue = ranks.agree(clock.isDue());
      if (signal.aborted || isDue) await save(state);
      signal.throwIfAborted();
      expectReadable(batch.labels.length, ranks);
      const whole = wholeBatch(batch, { ranks, places: batch.end - state.seen });
      const learningRate = schedule(epoch, state.seen / order.length);
      const step = stepOf(state, { images: order.length, batchSize });
      const { statistics, frozen = [] } = recipe;
      const { microBatch } = options;
      const mixup = mixing > 0 ? { alpha: mixing, seed } : undefined;
      const how = { ...network, statistics, frozen, microBatch, mixup, loss, learningRate, epoch, step };
      const done = trainStep(batch, { ...how, ...(ranks.collective && { whole, ...shared }) });
      const { indices: positions, labels } = whole;
      last = { sampler: label, epoch: epoch + 1, step, learningRate, loss: done.loss, positions, labels };
      const failed = last;
      if (!Number.isFinite(done.loss)) await ranks.first(() => failStep(path, failed, { rate }));
      state = {
        ...state,
        seen: batch.end,
        skipped: state.skipped + whole.skipped,
        lossSum: state.lossSum + done.loss * labels.length,
        hits: state.hits + done.hits,
        seconds: state.seconds + (performance.now() - start) / 1000,
      };
      start = performance.now();
      clock.step();
      onStep({
        epoch: epoch + 1,
        epochs,
        images: epoch * order.length + state.seen,
        totalImages: epochs * order.length,
        loss: state.lossSum / (state.seen - state.skipped),
        accuracy: state.hits / (state.seen - state.skipped),
      });
    }
    state = nextEpoch(state, { sampler: label, learningRate: schedule(epoch) });
    await save(state);
  }
}

function nextEpoch(
  { epoch, seen, skipped, lossSum, hits, seconds, history }: TrainingState,
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
