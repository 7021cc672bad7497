/**
 * Every stage once, on a few pictures of every split, before the first epoch: what cannot work fails after a second, not
 * after the training. The weights, files and numbers of the run have no part in it: every random number is a function of
 * the seed and what it is for, and the stages work in a folder of their own.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batches, type Dataset } from '@longtail/datasets';
import { sgd } from '@longtail/optim';
import { indicesOf } from '@longtail/samplers';
import { fingerprints } from './data-fingerprint.ts';
import { evaluateRun } from './evaluate-run.ts';
import { evaluationTransform } from './evaluation-transform.ts';
import { fewOfEach } from './few-pictures.ts';
import { NotFiniteError } from './finite-loss.ts';
import type { RecipeData } from './recipe.ts';
import { loadRepresentation, saveRepresentation } from './representation-file.ts';
import { beginRun } from './run-directory.ts';
import type { Stamp } from './run-stamp.ts';
import { findSampler, samplerLabel, samplerNames } from './samplers.ts';
import { STAGE_FILES, type StageFile, stageFile } from './stage-file.ts';
import { trainStamp } from './stage-stamps.ts';
import { carryOut, type RunContext } from './stages.ts';
import { beginRepresentation } from './train-representation.ts';
import { trainStep } from './train-step.ts';
import { trainedParts } from './trained-parts.ts';
import { AT_START, stepOf } from './training-state.ts';

export interface Preflight {
  /** Of each split, at most. */
  readonly pictures: number;
  readonly seconds: number;
  /** Of the files that the stages wrote, of `few` pictures. */
  readonly bytes: Readonly<Record<StageFile, number>>;
  readonly few: RecipeData;
}

/**
 * @returns what it saw; no tensor and no file is left
 * @throws what the first stage that cannot work throws; NotFiniteError for a loss that is no finite number from the start
 */
export async function preflight(run: RunContext): Promise<Preflight> {
  const start = performance.now();
  const { recipe, settings } = run;
  const { samplers, onBadImage } = settings.options;
  const data = await run.data();
  const few = await fewOfEach(data, { onBadImage });
  const { transform } = await evaluationTransform(recipe, data, { onBadImage });
  const images = await drawEach(run, data.train);
  const [sampler] = samplerNames(samplers) as [string];
  const folder = await mkdtemp(join(tmpdir(), 'longtail-check-'));
  try {
    const small: RunContext = {
      ...run,
      folder,
      recipe: { ...recipe, evaluate: transform },
      settings: { ...settings, options: { ...settings.options, samplers: sampler, headEpochs: 1 } },
      data: async () => few,
      onProgress: () => {},
      onStage: async () => {},
    };
    await beginRun(folder, small.settings);
    const prints = () => fingerprints(few);
    const stamp = await trainStamp({ ...small, prints }, sampler);
    await trainOn(few.train, run, { stamp, images, path: stageFile(folder, sampler, 'representation') });
    await carryOut(small, ['extract', 'classify']);
    await evaluateRun(folder);
    const sizes = STAGE_FILES.map(
      async (file) => [file, (await stat(stageFile(folder, sampler, file))).size] as const,
    );
    const bytes = Object.fromEntries(await Promise.all(sizes)) as Preflight['bytes'];
    const pictures = Math.max(few.train.length, few.validation?.length ?? 0, few.test.length);
    return { pictures, seconds: (performance.now() - start) / 1000, bytes, few };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first epoch and the last, where losses and samplers of two phases are in the second one. */
const firstAndLast = (epochs: number): number[] => [...new Set([0, epochs - 1])];

/**
 * What every sampler of the run draws in the first epoch and the last.
 *
 * @returns how many pictures an epoch of the first one takes
 * @throws InputError when it is no list of pictures
 */
async function drawEach(
  { settings: { options, seed } }: RunContext,
  { labels, length }: Dataset,
): Promise<number> {
  const { epochs } = options;
  const lengths: number[] = [];
  for (const name of samplerNames(options.samplers)) {
    const sampler = (await findSampler(name))(labels, { seed, epochs });
    for (const epoch of firstAndLast(epochs))
      lengths.push(indicesOf(sampler, { epoch, images: length }).length);
  }
  return Math.min(lengths[0]!, options.imagesPerEpoch || Number.POSITIVE_INFINITY);
}

/**
 * Steps of stage 1 at a rate of 0 on all pictures of `few`, saved at `path` as a training that is over, and loaded.
 */
async function trainOn(
  few: Dataset,
  { recipe, settings, engine, data }: RunContext,
  { stamp, images, path }: { stamp: Stamp; images: number; path: string },
): Promise<void> {
  const { options, seed } = settings;
  const { epochs, batchSize, onBadImage } = options;
  const sets = await data();
  const { backbone, joint, makeLoss } = await beginRepresentation(recipe, sets, { seed, options });
  const optimizer = sgd(trainedParts({ backbone, joint }, recipe), { weightDecay: options.weightDecay });
  const trained = { backbone, joint, optimizer };
  try {
    const loss = makeLoss();
    const schedule = recipe.schedule(options);
    for (const epoch of firstAndLast(epochs)) {
      schedule(epoch, 0);
      const reading = { batchSize: few.length, transform: recipe.augment, seed, epoch, onBadImage };
      for await (const batch of batches(few, Int32Array.from(few.labels.keys()), reading)) {
        const { loss: value } = trainStep(batch, {
          ...trained,
          statistics: recipe.statistics,
          ...(recipe.frozen && { frozen: recipe.frozen }),
          microBatch: Math.min(options.microBatch, Math.ceil(few.length / 2)),
          mixup: options.mixup > 0 ? { alpha: options.mixup, seed } : undefined,
          loss,
          learningRate: 0,
          epoch,
          step: stepOf({ ...AT_START, epoch }, { images, batchSize }),
        });
        if (!Number.isFinite(value)) throw notFinite(value, epoch);
      }
    }
    const sampler = samplerLabel(samplerNames(options.samplers)[0]!);
    const nothing = { loss: 0, learningRate: 0, trainAccuracy: 0, seconds: 0 };
    const history = Array.from({ length: epochs }, (_, epoch) => ({ sampler, epoch: epoch + 1, ...nothing }));
    await saveRepresentation(path, trained, {
      state: { ...AT_START, epoch: epochs, history },
      engine,
      stamp,
    });
    await loadRepresentation(path, trained);
  } finally {
    optimizer.dispose();
    joint.dispose();
    backbone.dispose();
  }
}

const notFinite = (loss: number, epoch: number): NotFiniteError =>
  new NotFiniteError(
    `expected a finite loss of weights that have not moved yet, but it is ${loss} as in epoch ${epoch + 1}, on a few pictures; look at the recipe's statistics and at its loss.`,
    { loss: String(loss), epoch: epoch + 1 },
  );
