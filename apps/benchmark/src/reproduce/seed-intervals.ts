/**
 * Accuracies of a row with intervals over seeds and test pictures, where there are at least five seeds: the pigeonhole bootstrap of
 * compareSeeds, of the difference to a method that is never right.
 */
import { compareSeeds, type GroupRule } from '@longtail/metrics';
import { SCORE_COLUMNS } from '@longtail/report/results';
import { remedies } from '../remedies.ts';
import type { Results } from '../results.ts';
import { readArrays, stageFile } from '../stage-file.ts';
import type { Ends } from './collect.ts';
import type { ExperimentRow } from './experiment.ts';

const isSame = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

interface SeedRun {
  readonly folder: string;
  readonly results: Pick<Results, 'dataset'>;
}

/**
 * @param runs one a seed
 * @returns by column; none for fewer seeds, or where they are of other test pictures, as where a recipe draws them by the seed
 */
export async function seedIntervals(
  runs: readonly SeedRun[],
  { sampler, classifier }: ExperimentRow,
  { groupRule }: { groupRule: GroupRule },
): Promise<Record<string, Ends>> {
  const pictures = new Set(runs.map(({ results }) => results.dataset.fingerprints.test));
  if (pictures.size !== 1) return {};
  const { trainCounts } = runs[0]!.results.dataset;
  const read = runs.map(async ({ folder }) => {
    const { int32 } = await readArrays(
      stageFile(folder, sampler, 'predictions'),
      remedies(folder).predictions,
    );
    const labels = int32('labels', [null]).data;
    return { labels, predictions: int32(classifier, [labels.length]).data };
  });
  const seeds = await Promise.all(read);
  const labels = seeds[0]!.labels;
  if (!seeds.every((one) => isSame(one.labels, labels))) return {}; // of some a picture could not be read
  const wrong = labels.map((label) => (label + 1) % trainCounts.length);
  const never = seeds.map(() => wrong);
  const predictions = seeds.map((one) => one.predictions);
  const found = compareSeeds(predictions, never, labels, trainCounts, { groupRule });
  return Object.fromEntries(
    SCORE_COLUMNS.flatMap((name): [string, Ends][] => {
      const difference = found[name]?.difference;
      const isKnown = difference && difference.high > difference.low; // of runs that are all wrong there is none
      return isKnown ? [[name, [Math.max(0, difference.low), difference.high]]] : [];
    }),
  );
}
