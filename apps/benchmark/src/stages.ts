/** The stages of a run, each from files to files: train, extract, classify. What comes after needs no engine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts, DataError } from '@longtail/core';
import { loadFeatures, saveFeatures } from './extract-features.ts';
import { extractSplits } from './extract-splits.ts';
import type { Recipe, RecipeData } from './recipe.ts';
import { loadJointHead, loadRepresentation } from './representation-file.ts';
import type { DatasetRecord, EngineName } from './results.ts';
import { type RunSettings, readJson, stageFile, writeArrays, writeJson } from './run-directory.ts';
import { samplePictures } from './sample-pictures.ts';
import { samplerLabel, samplerNames } from './samplers.ts';
import { trainClassifiers } from './train-classifiers.ts';
import { beginRepresentation, trainRepresentation } from './train-representation.ts';

export interface Progress {
  /** Place among the samplers, from 1. */
  readonly place: number;
  readonly places: number;
  readonly sampler: string;
  readonly stage: 'train' | 'extract' | 'classify';
  readonly done: number;
  readonly total: number;
  /** What `done` counts. */
  readonly unit: 'img' | 'epochs';
  /** Such as "epoch 3/12  loss 0.812". */
  readonly note: string;
}

export interface RunContext {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly recipe: Recipe;
  readonly engine: EngineName;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** The pictures, read once and only if a stage wants them. */
  readonly data: () => Promise<RecipeData>;
}

/** A stage's own part of {@link Progress}. */
type Report = (progress: Pick<Progress, 'done' | 'total' | 'unit' | 'note'>) => void;
type Stage = (run: RunContext, sampler: string, report: Report) => Promise<void>;

/** Writes down what the data is, once. @throws DataError when its classes are not those that were written down */
async function describeData({ folder, data, settings }: RunContext): Promise<void> {
  const path = join(folder, 'dataset.json');
  const { train, validation, test } = await data();
  const { name, classNames } = train;
  if (existsSync(path)) {
    const known = await readJson<DatasetRecord>(path, { after: 'longtail train' });
    return expectClasses(classNames, { folder, known: known.classNames });
  }
  await writeJson(path, {
    name,
    classNames,
    trainCounts: Array.from(classCounts(train.labels, { numClasses: classNames.length })),
    trainSize: train.length,
    testSize: test.length,
    validation: validation !== undefined,
    samples: await samplePictures(train, { onBadImage: settings.options.onBadImage ?? 'fail' }),
  } satisfies DatasetRecord);
}

function expectClasses(
  classNames: readonly string[],
  { folder, known }: { folder: string; known: readonly string[] },
): void {
  const length = Math.max(classNames.length, known.length);
  for (let c = 0; c < length; c++)
    if (classNames[c] !== known[c])
      throw new DataError(
        `expected label ${c} to be ${known[c] ?? 'no class'}, as when ${folder} was begun, but now it is ${classNames[c] ?? 'no class'}; give the pictures of before, or start over with --fresh.`,
        { folder, label: c },
      );
}

const train: Stage = async (run, sampler, report) => {
  await describeData(run);
  await trainRepresentation(run.recipe, await run.data(), {
    sampler,
    options: run.settings.options,
    seed: run.settings.seed,
    engine: run.engine,
    path: stageFile(run.folder, sampler, 'representation'),
    signal: run.signal,
    onStep: ({ epoch, epochs, images, totalImages, loss }) =>
      report({
        done: images,
        total: totalImages,
        unit: 'img',
        note: `epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}`,
      }),
  });
};

const extract: Stage = async (run, sampler, report) => {
  const { recipe, settings, folder, data, signal } = run;
  await describeData(run);
  const start = performance.now();
  const sets = await data();
  const { backbone, joint } = await beginRepresentation(recipe, sets, settings);
  try {
    const path = stageFile(folder, sampler, 'representation');
    const { epoch } = await loadRepresentation(path, { backbone, joint });
    if (epoch < settings.options.epochs)
      throw new DataError(
        `expected ${settings.options.epochs} epochs of training in ${path}, but found ${epoch}; run "longtail train ${folder}" before.`,
      );
    const { features, transform } = await extractSplits(backbone, sets, {
      recipe,
      onBadImage: settings.options.onBadImage ?? 'fail',
      signal,
      onProgress: (done, total, note) => report({ done, total, unit: 'img', note }),
    });
    const seconds = (performance.now() - start) / 1000;
    await saveFeatures(stageFile(folder, sampler, 'features'), features, { seconds, transform });
  } finally {
    backbone.dispose();
    joint.dispose();
  }
};

const classify: Stage = async ({ settings, folder, signal }, sampler, report) => {
  const start = performance.now();
  const joint = await loadJointHead(stageFile(folder, sampler, 'representation'));
  try {
    const features = await loadFeatures(stageFile(folder, sampler, 'features'));
    const { options, seed } = settings;
    const total = 2 * options.headEpochs;
    let done = 0;
    const { weights, predictions, chosen } = await trainClassifiers(joint, features, {
      options,
      seed,
      signal,
      onEpoch: (name, _, loss) =>
        report({ done: ++done, total, unit: 'epochs', note: `${name}  loss ${loss.toFixed(3)}` }),
    });
    const seconds = String(features.seconds + (performance.now() - start) / 1000);
    await writeArrays(stageFile(folder, sampler, 'classifiers'), weights, {});
    await writeArrays(stageFile(folder, sampler, 'predictions'), predictions, {
      chosen: JSON.stringify(chosen),
      seconds,
      ...(features.transform !== undefined && { transform: features.transform }),
      skipped: String(features.train.skipped + (features.validation?.skipped ?? 0) + features.test.skipped),
    });
  } finally {
    joint.dispose();
  }
};

export type StageName = Progress['stage'];
const STAGES: Readonly<Record<StageName, Stage>> = { train, extract, classify };

/** The last file of a stage: once it is there, the stage is over. Training says itself where it goes on. */
const RESULT = { extract: 'features', classify: 'predictions' } as const;

/**
 * Carries out stages for every sampler of the run, one sampler after another.
 *
 * @param options.again do what is done already once more; training goes on where it is in any case
 * @throws DataError when what a stage reads is not there; the signal's reason when it is aborted
 */
export async function carryOut(
  run: RunContext,
  stages: readonly StageName[],
  { again = false }: { again?: boolean } = {},
): Promise<void> {
  const samplers = samplerNames(run.settings.options.samplers);
  for (const [i, sampler] of samplers.entries())
    for (const stage of stages) {
      if (!again && stage !== 'train' && existsSync(stageFile(run.folder, sampler, RESULT[stage]))) continue;
      run.signal.throwIfAborted();
      await STAGES[stage](run, sampler, (progress) =>
        run.onProgress({
          place: i + 1,
          places: samplers.length,
          sampler: samplerLabel(sampler),
          stage,
          ...progress,
        }),
      );
    }
}
