/** From predictions on disk to the results of a run: no tensor, no engine, seconds. */
import { basename, join } from 'node:path';
import { TAUS } from '@longtail/heads';
import { classGroups, evaluate, type GroupRule } from '@longtail/metrics';
import { RESULTS_SCHEMA, RESULTS_VERSION } from '@longtail/report/results';
import * as z from 'zod';
import { classifiersOf, linearOf, lossText, protocolOf } from './classifier-rows.ts';
import { compareRows, type TestedRow } from './compare-rows.ts';
import { headFeaturesText } from './head-features.ts';
import { withoutEnding } from './own-module.ts';
import { readProvenance } from './provenance.ts';
import { readStages } from './read-stages.ts';
import { remedies } from './remedies.ts';
import { reportDetails, selectionOf } from './report-details.ts';
import { enginesTitle, engineTitle, type Results, type TauCurve, type WeightNorms } from './results.ts';
import { datasetSchema } from './results-schema.ts';
import { openRun } from './run-directory.ts';
import { shortenedRun } from './shortened.ts';
import type { StageArrays } from './stage-file.ts';
import { readJson } from './stored-json.ts';
import { withIntervals } from './with-intervals.ts';

const chosenSchema = z.record(z.string(), z.record(z.string(), z.number()));

/** ||w_c|| of the linear heads, a learned scale included. */
function normsOf(
  { arrays, float32 }: StageArrays,
  sampler: string,
  { numClasses, linear }: { numClasses: number; linear: readonly string[] },
): WeightNorms[] {
  return linear.map((classifier) => {
    const { data, shape } = float32(`${classifier}.weight`, [numClasses, null]);
    const name = `${classifier}.scale`;
    const scale = arrays.has(name) ? float32(name, [numClasses]).data : undefined;
    const norms = Array.from({ length: numClasses }, (_, c) => {
      const row = data.subarray(c * shape[1]!, (c + 1) * shape[1]!);
      return Math.sqrt(row.reduce((sum, w) => sum + w * w, 0)) * Math.abs(scale?.[c] ?? 1);
    });
    return { sampler, classifier, norms };
  });
}

/**
 * @param folder a run whose classifiers are there
 * @throws DataError naming the file that is missing, damaged or of something else, and how to have it again
 */
export async function evaluateRun(
  folder: string,
  { groupRule = 'official' }: { groupRule?: GroupRule } = {},
): Promise<Results> {
  const settings = await openRun(folder);
  const { recipe, seed, options, command } = settings;
  const {
    validation,
    testSamples = [],
    ...dataset
  } = await readJson(join(folder, 'dataset.json'), {
    schema: datasetSchema,
    ...remedies(folder).dataset,
  });
  const stages = await readStages(folder, settings, dataset);
  const heads = classifiersOf(options);
  const tested: TestedRow[] = [];
  const tauCurves: TauCurve[] = [];
  const weightNorms: WeightNorms[] = [];
  let [seconds, skipped] = [0, 0];
  for (const stage of stages) {
    const { sampler, state, classifiers, predictions } = stage;
    const selection = selectionOf(stage)?.scores;
    const { int32, json } = predictions;
    const labels = int32('labels', [null]).data;
    const predicted = (classifier: string) => int32(classifier, [labels.length]).data;
    const scores = (classifier: string) =>
      evaluate(predicted(classifier), labels, dataset.trainCounts, { groupRule });
    const chosen = json('chosen', chosenSchema);
    for (const classifier of heads) {
      const found = predicted(classifier);
      const scores = withIntervals(found, labels, dataset.trainCounts, { groupRule, seed });
      const protocol = protocolOf(classifier, options);
      const row = {
        ...{ sampler, classifier, chosen: chosen[classifier] ?? {} },
        ...(protocol !== undefined && { protocol }),
        scores,
      };
      tested.push({ row, labels, predictions: found });
    }
    const points = TAUS.map((tau, i) => ({
      tau,
      scores: scores(`tau=${tau}`),
      ...(selection && { selection: selection[i]! }),
    }));
    tauCurves.push({ sampler, points });
    const numClasses = dataset.classNames.length;
    const linear = linearOf(options);
    for (const norms of normsOf(classifiers, sampler, { numClasses, linear })) weightNorms.push(norms);
    const inTraining = state.history.reduce((most, epoch) => Math.max(most, epoch.skipped ?? 0), 0);
    skipped = Math.max(skipped, inTraining, json('skipped', z.int().min(0))); // features are of what was trained on, too
    seconds += json('seconds', z.number()) + state.history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  }
  const evaluation = stages[0]!.predictions.metadata.transform;
  const { engine } = stages[0]!;
  const stamps = Object.fromEntries(stages.map(({ sampler, stamp }) => [sampler, stamp]));
  const engines = enginesTitle(engine, stamps);
  const groups = classGroups(dataset.trainCounts, { groupRule });
  return {
    $schema: RESULTS_SCHEMA,
    version: RESULTS_VERSION,
    name: basename(withoutEnding(recipe)),
    recipe,
    seed,
    command,
    options: { ...options },
    engine,
    stamps,
    protocol: {
      loss: lossText(options),
      groupRule,
      selectionSplit: validation ? 'validation' : 'class-balanced training images',
      epochRule: 'last',
      batchNorm: headFeaturesText(options),
      ...(evaluation !== undefined && { evaluation }),
      shortened: await shortenedRun({ recipe, options }, dataset),
      skipped,
      ...(engines !== engineTitle(engine) && { engines }),
    },
    dataset: { ...dataset, groups },
    rows: tested.map(({ row }) => row),
    history: stages.flatMap(({ state }) => state.history),
    tauCurves,
    weightNorms,
    comparisons: compareRows(tested, dataset.trainCounts, { groupRule, seed }),
    seconds,
    made: await readProvenance(folder),
    ...reportDetails(stages, { ...dataset, groups, testSamples }, { heads }),
  };
}
