/** What the report shows beside the scores: what was taken for what, pictures with their answers, what it rests on. */
import { classCounts } from '@longtail/core';
import type { AnsweredPicture, Confusion, ReportedDataset } from '@longtail/report/results';
import * as z from 'zod';
import { confusionOf } from './confusions.ts';
import type { ScoredSampler } from './read-stages.ts';
import { reliabilityOf } from './reliability.ts';
import type { DatasetRecord, Results } from './results.ts';

const selectionSchema = z.object({ size: z.int().min(1), scores: z.array(z.number()) });

/** What heads were chosen by; undefined in runs of before. */
export const selectionOf = ({
  predictions,
}: ScoredSampler): { size: number; scores: readonly number[] } | undefined =>
  predictions.metadata.selection === undefined ? undefined : predictions.json('selection', selectionSchema);

type Heads = readonly string[];

/** None where a test picture could not be read, so that rows of predictions are not those of the set. */
function answers(
  stages: readonly ScoredSampler[],
  { testSamples = [], testSize }: Pick<DatasetRecord, 'testSamples' | 'testSize'>,
  heads: Heads,
): AnsweredPicture[] {
  const labels = stages[0]!.predictions.int32('labels', [null]).data;
  if (labels.length !== testSize || testSamples.some(({ index, label }) => labels[index] !== label))
    return [];
  return testSamples.map(({ index, ...picture }) => ({
    ...picture,
    answers: stages.flatMap(({ sampler, predictions }) =>
      heads.map((classifier) => ({
        sampler,
        classifier,
        prediction: predictions.int32(classifier, [labels.length]).data[index]!,
      })),
    ),
  }));
}

function confusions(
  stages: readonly ScoredSampler[],
  { groups, classNames }: Pick<ReportedDataset, 'groups' | 'classNames'>,
  heads: Heads,
): Confusion[] {
  return stages.flatMap(({ sampler, predictions }) => {
    const labels = predictions.int32('labels', [null]).data;
    return heads.map((classifier) => {
      const predicted = predictions.int32(classifier, [labels.length]).data;
      return {
        sampler,
        classifier,
        ...confusionOf(predicted, labels, { groups, numClasses: classNames.length }),
      };
    });
  });
}

function hashes(
  stages: readonly ScoredSampler[],
  { fingerprints }: Pick<DatasetRecord, 'fingerprints'>,
): Record<string, string> {
  const sets = Object.entries(fingerprints).map(([split, print]) => [`${split} set`, print]);
  const features = stages.flatMap(({ sampler, predictions: { metadata } }) =>
    metadata.features === undefined ? [] : [[`features, ${sampler}`, metadata.features]],
  );
  return Object.fromEntries([...sets, ...features]);
}

/** @param heads names of the predictions that are rows of the table */
export function reportDetails(
  stages: readonly ScoredSampler[],
  dataset: Omit<DatasetRecord, 'validation'> & Pick<ReportedDataset, 'groups'>,
  { heads }: { heads: Heads },
): Pick<Results, 'testCounts' | 'confusions' | 'reliability' | 'answers' | 'selectionSize' | 'hashes'> {
  const labels = stages[0]!.predictions.int32('labels', [null]).data;
  const selection = selectionOf(stages[0]!);
  return {
    testCounts: Array.from(classCounts(labels, { numClasses: dataset.classNames.length })),
    confusions: confusions(stages, dataset, heads),
    reliability: stages.flatMap((stage) => heads.flatMap((head) => reliabilityOf(stage, dataset, head))),
    answers: answers(stages, dataset, heads),
    ...(selection && { selectionSize: selection.size }),
    hashes: hashes(stages, dataset),
  };
}
