/** The whole road: train, extract, classify, evaluate; one representation a sampler. */
import { classCounts } from '@longtail/core';
import type { Dataset } from '@longtail/datasets';
import type { Engine } from '@longtail/engine';
import { classAware } from '@longtail/samplers';
import { extractFeatures, type Features } from './extract-features.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';
import type { EpochRecord, Results, Row, SamplePicture, TauCurve, WeightNorms } from './results.ts';
import { samplerNames } from './samplers.ts';
import { trainClassifiers } from './train-classifiers.ts';
import { type StepProgress, trainRepresentation } from './train-representation.ts';

export interface RunOptions {
  readonly options: RecipeOptions;
  readonly data: string;
  readonly cache: string;
  readonly seed: number;
  readonly command: string;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly onStep: (sampler: string, progress: StepProgress) => void;
  readonly onStage: (sampler: string, stage: string) => void;
}

/** Training features drawn class by class: what tau is chosen on where there is no validation set (PAPER: val = train). */
function balancedSelection(train: Features, seed: number): Features {
  const indices = classAware(train.labels, { seed }).indices(0);
  const values = new Float32Array(indices.length * train.featureDim);
  indices.forEach((index, i) =>
    values.set(
      train.values.subarray(index * train.featureDim, (index + 1) * train.featureDim),
      i * train.featureDim,
    ),
  );
  return { values, featureDim: train.featureDim, labels: indices.map((index) => train.labels[index]!) };
}

async function samplePictures(dataset: Dataset, perClass = 4): Promise<SamplePicture[]> {
  const taken = new Map<number, number>();
  const samples: SamplePicture[] = [];
  for (let i = 0; i < dataset.length; i++) {
    const label = dataset.labels[i]!;
    if ((taken.get(label) ?? 0) >= perClass) continue;
    taken.set(label, (taken.get(label) ?? 0) + 1);
    const { data, height, width } = await dataset.read(i);
    samples.push({ label, height, width, rgb: Buffer.from(data).toString('base64') });
  }
  return samples;
}

/** @throws UsageError for an unknown sampler, before any work; the signal's reason when aborted */
export async function run(
  recipe: Recipe,
  { options, data, cache, seed, command, engine, signal, onStep, onStage }: RunOptions,
): Promise<Results> {
  const names = samplerNames(options.samplers);
  const start = performance.now();
  const sets = await recipe.data({ data, cache, seed });
  const found = {
    rows: [] as Row[],
    history: [] as EpochRecord[],
    tauCurves: [] as TauCurve[],
    weightNorms: [] as WeightNorms[],
  };
  for (const sampler of names) {
    const { backbone, joint, history } = await trainRepresentation(recipe, sets, {
      sampler,
      options,
      seed,
      signal,
      onStep: (p) => onStep(sampler, p),
    });
    try {
      onStage(sampler, 'features');
      const extract = (set: Dataset) =>
        extractFeatures(backbone, set, { statistics: recipe.statistics, signal });
      const [train, test] = [await extract(sets.train), await extract(sets.test)];
      const selection = sets.validation ? await extract(sets.validation) : balancedSelection(train, seed);
      onStage(sampler, 'classifiers');
      const { rows, tauCurve, weightNorms } = await trainClassifiers(
        { sampler, joint, train, selection, test },
        { options, seed, signal },
      );
      found.rows.push(...rows);
      found.history.push(...history);
      found.tauCurves.push(tauCurve);
      found.weightNorms.push(...weightNorms);
    } finally {
      backbone.dispose();
      joint.dispose();
    }
  }
  return {
    recipe: recipe.name,
    seed,
    command,
    options: { ...options },
    engine: { backend: engine.backend, device: engine.device, version: engine.version },
    protocol: {
      groupRule: found.rows[0]!.scores.groupRule,
      selectionSplit: sets.validation ? 'validation' : 'class-balanced training images',
      epochRule: 'last',
      batchNorm: 'stage 2 on features cached once, without augmentation, batch-norm statistics frozen',
    },
    dataset: {
      name: sets.train.name,
      classNames: sets.train.classNames,
      trainCounts: Array.from(classCounts(sets.train.labels, { numClasses: sets.train.classNames.length })),
      trainSize: sets.train.length,
      testSize: sets.test.length,
      samples: await samplePictures(sets.train),
    },
    ...found,
    seconds: (performance.now() - start) / 1000,
  };
}
