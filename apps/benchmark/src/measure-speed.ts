/** Seconds of the three things that a run does over and over, measured on the run's own pictures; no weight moves. */
import type { Backbone } from '@longtail/backbones';
import { batches, subsetOf } from '@longtail/datasets';
import { crt, type FeatureBatches, type Head } from '@longtail/heads';
import type { Loss } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { evaluationTransform } from './evaluation-transform.ts';
import { extractFeatures } from './extract-features.ts';
import type { RunContext } from './stages.ts';
import { beginRepresentation } from './train-representation.ts';
import { trainStep } from './train-step.ts';
import { trainedParts } from './trained-parts.ts';

export interface Speed {
  /** Of a step of stage 1, the wait for its pictures included. */
  readonly step: number;
  /** Of a picture's features. */
  readonly picture: number;
  /** Of a step of cRT, which LWS takes as well. */
  readonly headStep: number;
  readonly featureDim: number;
}

/** Things of each kind, and the milliseconds after which two are enough. The first one begins threads and plans: it does not count. */
const [MOST, ENOUGH] = [8, 2000];
const EXTRACTED = 100;

/** The lap's seconds are those since the one before, or since the beginning. */
function stopwatch(): { lap: () => void; isEnough: () => boolean; seconds: () => number } {
  const start = performance.now();
  const laps: number[] = [];
  let before = start;
  return {
    lap() {
      const now = performance.now();
      laps.push((now - before) / 1000);
      before = now;
    },
    isEnough: () => laps.length > 1 && before - start > ENOUGH,
    /** The middle one of those that count. */
    seconds() {
      const counting = laps.length > 1 ? laps.slice(1) : laps;
      return counting.sort((a, b) => a - b)[Math.floor(counting.length / 2)] ?? 0;
    },
  };
}

/**
 * @param order positions of an epoch's pictures
 * @throws as the stages, and the signal's reason when it is aborted; no tensor is left
 */
export async function measureSpeed(run: RunContext, order: Int32Array): Promise<Speed> {
  const { backbone, joint, makeLoss } = await beginRepresentation(run.recipe, await run.data(), run.settings);
  try {
    const { featureDim } = backbone;
    const step = await ofStep(run, { backbone, joint, loss: makeLoss(), order });
    const picture = await ofPicture(run, backbone);
    return { step, picture, headStep: await ofHeadStep(run, joint), featureDim };
  } finally {
    joint.dispose();
    backbone.dispose();
  }
}

async function ofStep(
  { recipe, settings: { options, seed }, signal, data }: RunContext,
  { order, ...network }: { backbone: Backbone; joint: Head; loss: Loss; order: Int32Array },
): Promise<number> {
  const { train } = await data();
  const { batchSize, microBatch, weightDecay, onBadImage } = options;
  const mixup = options.mixup > 0 ? { alpha: options.mixup, seed } : undefined;
  const optimizer = sgd(trainedParts(network, recipe), { weightDecay });
  const reading = { batchSize, transform: recipe.augment, seed, onBadImage };
  const { lap, isEnough, seconds } = stopwatch();
  try {
    const { statistics, frozen = [] } = recipe;
    const how = {
      ...network,
      optimizer,
      statistics,
      frozen,
      microBatch,
      mixup,
      learningRate: 0,
      epoch: 0,
      step: 0,
    };
    for await (const batch of batches(train, order.subarray(0, MOST * batchSize), reading)) {
      signal.throwIfAborted();
      trainStep(batch, how);
      lap();
      if (isEnough()) break;
    }
    return seconds();
  } finally {
    optimizer.dispose();
  }
}

async function ofPicture(
  { recipe, settings, signal, data }: RunContext,
  backbone: Backbone,
): Promise<number> {
  const { onBadImage } = settings.options;
  const sets = await data();
  const { transform } = await evaluationTransform(recipe, sets, { onBadImage });
  const count = Math.min(2 * EXTRACTED, sets.train.length);
  const some = subsetOf(
    sets.train,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  const batchSize = Math.ceil(count / 2);
  const { lap, seconds } = stopwatch();
  const { statistics } = recipe;
  await extractFeatures(backbone, some, {
    statistics,
    transform,
    onBadImage,
    signal,
    batchSize,
    onBatch: lap,
  });
  return seconds() / batchSize;
}

async function ofHeadStep({ settings: { options, seed }, signal }: RunContext, head: Head): Promise<number> {
  const { featureDim, numClasses } = head;
  const size = options.headBatchSize;
  const { lap, seconds } = stopwatch();
  const zeros: FeatureBatches = function* () {
    for (let i = 0; i <= MOST; i++) {
      yield { features: tf.zeros([size, featureDim]), labels: tf.zeros<tf.Rank.R1>([size], 'int32') };
      lap();
    }
  };
  (await crt(zeros, { featureDim, numClasses, seed, epochs: 1, signal })).dispose();
  return seconds();
}
