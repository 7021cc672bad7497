/** From predictions on disk to the results of a run: no tensor, no engine, seconds. */
import { join } from 'node:path';
import type { NamedArrays } from '@longtail/formats';
import { TAUS } from '@longtail/heads';
import { evaluate, type GroupRule } from '@longtail/metrics';
import { DEFAULT_LOSS } from './recipe.ts';
import { trainingRecord } from './representation-file.ts';
import type { DatasetRecord, Results, Row, TauCurve, WeightNorms } from './results.ts';
import { openRun, readArrays, readJson, stageFile } from './run-directory.ts';
import { samplerLabels } from './samplers.ts';

const CLASSIFIERS = ['joint', 'ncm', 'crt', 'tau', 'lws'];

/** ||w_c|| of the linear heads, a learned scale included. */
function normsOf(arrays: NamedArrays, sampler: string): WeightNorms[] {
  return CLASSIFIERS.flatMap((classifier) => {
    const weight = arrays.get(`${classifier}.weight`);
    if (!weight) return [];
    const [numClasses, featureDim] = weight.shape as [number, number];
    const scale = arrays.get(`${classifier}.scale`)?.data as Float32Array | undefined;
    const norms = Array.from({ length: numClasses }, (_, c) => {
      const row = (weight.data as Float32Array).subarray(c * featureDim, (c + 1) * featureDim);
      return Math.sqrt(row.reduce((sum, w) => sum + w * w, 0)) * Math.abs(scale?.[c] ?? 1);
    });
    return [{ sampler, classifier, norms }];
  });
}

/**
 * @param folder a run whose classifiers are there
 * @throws DataError naming the file that is missing and the command that writes it
 */
export async function evaluateRun(
  folder: string,
  { groupRule = 'official' }: { groupRule?: GroupRule } = {},
): Promise<Results> {
  const { recipe, seed, options, command } = await openRun(folder);
  const { validation, ...dataset } = await readJson<DatasetRecord>(join(folder, 'dataset.json'), {
    after: 'longtail train',
  });
  const rows: Row[] = [];
  const tauCurves: TauCurve[] = [];
  const weightNorms: WeightNorms[] = [];
  const records = [];
  let [seconds, skipped] = [0, 0];
  let evaluation: string | undefined;
  for (const sampler of samplerLabels(options.samplers)) {
    const { arrays, metadata } = await readArrays(stageFile(folder, sampler, 'predictions'), {
      after: 'longtail classify',
    });
    const classes = (name: string) => arrays.get(name)!.data as Int32Array;
    const scores = (name: string) =>
      evaluate(classes(name), classes('labels'), dataset.trainCounts, { groupRule });
    evaluation ??= metadata.transform;
    const chosen = JSON.parse(metadata.chosen!) as Record<string, Row['chosen']>;
    for (const classifier of CLASSIFIERS)
      rows.push({ sampler, classifier, chosen: chosen[classifier] ?? {}, scores: scores(classifier) });
    tauCurves.push({ sampler, points: TAUS.map((tau) => ({ tau, scores: scores(`tau=${tau}`) })) });
    const heads = await readArrays(stageFile(folder, sampler, 'classifiers'), { after: 'longtail classify' });
    for (const norms of normsOf(heads.arrays, sampler)) weightNorms.push(norms);
    const record = await trainingRecord(stageFile(folder, sampler, 'representation'));
    records.push(record);
    const inTraining = record.state.history.reduce((most, epoch) => Math.max(most, epoch.skipped ?? 0), 0);
    skipped = Math.max(skipped, inTraining + Number(metadata.skipped ?? 0));
    seconds += Number(metadata.seconds) + record.state.history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  }
  return {
    recipe,
    seed,
    command,
    options: { ...options },
    engine: records[0]!.engine,
    protocol: {
      loss: options.loss ?? DEFAULT_LOSS,
      groupRule,
      selectionSplit: validation ? 'validation' : 'class-balanced training images',
      epochRule: 'last',
      batchNorm: 'stage 2 on features cached once, without augmentation, batch-norm statistics frozen',
      ...(evaluation !== undefined && { evaluation }),
      skipped,
    },
    dataset,
    rows,
    history: records.flatMap(({ state }) => state.history),
    tauCurves,
    weightNorms,
    seconds,
  };
}
