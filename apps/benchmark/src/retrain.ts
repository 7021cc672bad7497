/**
 * Table 1: a new classifier trained with the last block, or with the whole network, from the weights of stage 1, on live pictures of the
 * re-balanced sampler. Sampler, epochs, rate, its schedule, batch and decay are those of cRT, and the classifier begins as cRT's does.
 * As in the official code's stage 2, which puts every network into training mode (run_networks.py), the running
 * statistics of all batch norms move, in stages that are not trained, too.
 */
import { existsSync } from 'node:fs';
import { type Backbone, trainable } from '@longtail/backbones';
import type { NamedArray } from '@longtail/formats';
import { type Head, type HeadSchedule, linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { cosine, type Schedule, sgd, type Trained } from '@longtail/optim';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { answersOf, weightsOf } from './answers.ts';
import { extractSplit } from './extract-splits.ts';
import type { LearnWork } from './live-passes.ts';
import { alone } from './ranks.ts';
import { remedies } from './remedies.ts';
import { recoverRepresentation } from './representation-file.ts';
import { removeRetrained, retrainedFile } from './retrained-file.ts';
import { type RetrainedName, retrainedNames, retrainedPart } from './retrained-parts.ts';
import type { Stamp } from './run-stamp.ts';
import { outdated } from './stage-stamps.ts';
import type { RunContext } from './stages.ts';
import { trainNetwork } from './train-network.ts';
import { trainedRepresentation } from './trained-representation.ts';
import { trainingRecord } from './training-state.ts';

export interface Retrained {
  readonly weights: readonly [string, NamedArray][];
  readonly predictions: readonly [string, NamedArray][];
  /** That earlier tries took for what is used again. */
  readonly seconds: number;
}

interface Work extends Omit<LearnWork, 'onImages'> {
  readonly onImages: (done: number, total: number, note: string, loss?: number) => void;
}

/** What heads on features learn from has no part in it, nor what else is re-trained. */
function stampOf({ train, classify }: Stamp, name: RetrainedName): Stamp {
  const { features, ...own } = classify!;
  return { train, classify: { ...own, retrain: name } };
}

/** Of a transformer with the norm behind it. */
function lastBlock({ stages }: Backbone): string[] {
  const names = stages.map((stage) => stage.name);
  return names.slice(names.findLastIndex((name) => name !== 'head'));
}

function partsOf(backbone: Backbone, head: Head, name: RetrainedName): Trained {
  const { part, backboneRate: rate } = retrainedPart(name);
  const variables = trainable(backbone, part === 'last' ? { stages: lastBlock(backbone) } : {});
  return [{ variables, rate }, { variables: head.trainable }];
}

const scheduleOf = (schedule: HeadSchedule, rate: number, epochs: number): Schedule =>
  typeof schedule === 'function' ? schedule : cosine(rate, { epochs, step: schedule });

/** What is there stays where it is of the same settings; seconds that earlier tries took for it. */
async function secondsThere(run: RunContext, path: string, stamp: Stamp): Promise<number> {
  const note = await recoverRepresentation(path, { stamp });
  if (note) run.onNote?.(note);
  const why = await outdated(path, stamp);
  if (why) {
    run.onNote?.(`${path} cannot stay: ${why}; its training is begun anew.`);
    await removeRetrained(path);
  }
  if (!existsSync(path)) return 0;
  const { state } = await trainingRecord(path, remedies(run.folder).representation);
  return state.history.reduce((sum, { seconds }) => sum + seconds, state.seconds);
}

async function retrainOne(run: RunContext, name: RetrainedName, work: Work): Promise<Retrained> {
  const { settings, recipe, signal, folder } = run;
  const { options, seed } = settings;
  const { headEpochs: epochs, headBatchSize: batchSize, onBadImage } = options;
  const path = retrainedFile(folder, work.sampler, name);
  const stamp = stampOf(work.stamp, name);
  const seconds = await secondsThere(run, path, stamp);
  const sets = await run.data();
  const { backbone, joint: before } = await trainedRepresentation(run, work.sampler);
  before.dispose();
  const { featureDim } = backbone;
  const { numClasses } = before;
  const head = linearHead({ featureDim, numClasses, seed, name: 'crt' });
  const optimizer = sgd(partsOf(backbone, head, name), { weightDecay: options.headWeightDecay });
  try {
    await trainNetwork({ backbone, joint: head, optimizer }, sets.train, {
      recipe: { statistics: recipe.statistics, augment: recipe.augment },
      sampler: classAware(sets.train.labels, { seed }),
      label: name,
      loss: crossEntropy(),
      rateOption: 'headLearningRate',
      schedule: scheduleOf(recipe.headSchedule ?? 'epoch', options.headLearningRate, epochs),
      ...{ epochs, batchSize, augmentedFrom: options.epochs },
      ...{ options, seed, engine: run.engine, stamp, path, ranks: alone(signal) },
      ...(run.saveEvery && { saveEvery: run.saveEvery }),
      onStep: ({ epoch, images, totalImages, loss }) =>
        work.onImages(images, totalImages, `${name} ${epoch}/${epochs}  loss ${loss.toFixed(3)}`, loss),
    });
    const { features } = await extractSplit(backbone, sets, sets.test, {
      ...{ recipe, signal, onBadImage },
      onProgress: (done, total) => work.onImages(done, total, `${name}  test pictures`),
    });
    const rows = tf.tensor2d(features.values, [features.labels.length, featureDim]);
    const predictions = answersOf(head, rows, { name });
    rows.dispose();
    return { weights: weightsOf(head, name), predictions, seconds };
  } finally {
    optimizer.dispose();
    head.dispose();
    backbone.dispose();
  }
}

/**
 * What `retrain` names, one after another; a training that is stopped goes on where it is, and one that is over stays.
 *
 * @throws as trainNetwork, and as the stages; no tensor is left
 */
export async function retrain(run: RunContext, work: Work): Promise<Retrained> {
  const all: Retrained[] = [];
  for (const name of retrainedNames(run.settings.options)) all.push(await retrainOne(run, name, work));
  return {
    weights: all.flatMap(({ weights }) => weights),
    predictions: all.flatMap(({ predictions }) => predictions),
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
