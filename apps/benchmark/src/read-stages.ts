/** What the stages of a run have left to be scored: of what was asked for, of the same pictures, and by one engine. */
import { DataError } from '@longtail/core';
import { optionsOf } from './recipe-options.ts';
import { remedies } from './remedies.ts';
import type { DatasetRecord, EngineName } from './results.ts';
import type { RunSettings } from './run-directory.ts';
import { differences, type Stamp } from './run-stamp.ts';
import { samplerLabel } from './samplers.ts';
import { readArrays, type StageArrays, type StageFile, stageFile } from './stage-file.ts';
import { expectTraining, settingParts } from './stage-stamps.ts';
import { type TrainingState, trainingRecord } from './training-state.ts';

export interface ScoredSampler {
  /** As tables name it. */
  readonly sampler: string;
  readonly state: TrainingState;
  /** Of the training. */
  readonly engine: EngineName;
  readonly classifiers: StageArrays;
  readonly predictions: StageArrays;
  readonly stamp: Stamp;
}

/**
 * Of every sampler of the run, in its order.
 *
 * @throws DataError naming the file that is missing, damaged or of something else, and how to have it again; UsageError
 *   where a training is of other settings
 */
export async function readStages(
  folder: string,
  settings: RunSettings,
  dataset: Pick<DatasetRecord, 'fingerprints'>,
): Promise<ScoredSampler[]> {
  const all: ScoredSampler[] = [];
  for (const name of settings.options.samplers.split(',')) {
    const at = (stage: StageFile): string => stageFile(folder, name, stage);
    const how = remedies(folder);
    const train = await settingParts(settings, name);
    await expectTraining(folder, name, train, { mustBe: true });
    const { state, engine, header } = await trainingRecord(at('representation'), how.representation);
    const classifiers = await readArrays(at('classifiers'), how.classifiers);
    const predictions = await readArrays(at('predictions'), how.predictions);
    const { train: pictures, ...others } = dataset.fingerprints;
    const asked: Stamp = {
      train: { ...header.stamp!.train, pictures },
      extract: others,
      classify: optionsOf('classify', settings.options) as Stamp['train'],
    };
    for (const [stage, { stamp }] of Object.entries({ classifiers, predictions })) {
      const path = at(stage as StageFile);
      expectStamp(path, stamp, asked, 'asked for');
      const first = all[0] && {
        ...all[0].stamp,
        train: { ...all[0].stamp.train, sampler: asked.train.sampler ?? name },
      };
      if (first) expectStamp(path, stamp, first, `of ${all[0]!.sampler}`);
    }
    const sampler = samplerLabel(name);
    all.push({ sampler, state, engine, classifiers, predictions, stamp: predictions.stamp! });
  }
  return all;
}

function expectStamp(path: string, stamp: Stamp | undefined, asked: Stamp, of: string): void {
  const [found] = (['train', 'extract', 'classify'] as const).flatMap((stage) =>
    differences(stamp?.[stage], asked[stage] ?? {}, { of }),
  );
  if (found === undefined) return;
  throw new DataError(
    `expected ${path} to be of the run as it is now, but ${found}; give the command of the run again.`,
    { path },
  );
}
