/**
 * Accuracies of a row with intervals over seeds and test pictures, where there are at least five seeds: the pigeonhole bootstrap of
 * compareSeeds, of the difference to a method that is never right.
 */
import { compareSeeds, type GroupRule } from '@longtail/metrics';
import { SCORE_COLUMNS } from '@longtail/report/results';
import { remedies } from '../remedies.ts';
import { readArrays, stageFile } from '../stage-file.ts';
import type { Ends } from './collect.ts';
import type { ExperimentRow } from './experiment.ts';

const isSame = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

/**
 * @param folders of the seeds' runs
 * @param trainCounts n_c, shape [C]
 * @returns by column; none for fewer seeds, or where they are of other test pictures
 */
export async function seedIntervals(
  folders: readonly string[],
  { sampler, classifier }: ExperimentRow,
  { trainCounts, groupRule }: { trainCounts: readonly number[]; groupRule: GroupRule },
): Promise<Record<string, Ends>> {
  const read = folders.map(async (folder) => {
    const { int32 } = await readArrays(
      stageFile(folder, sampler, 'predictions'),
      remedies(folder).predictions,
    );
    const labels = int32('labels', [null]).data;
    return { labels, predictions: int32(classifier, [labels.length]).data };
  });
  const seeds = await Promise.all(read);
  const labels = seeds[0]!.labels;
  if (!seeds.every((one) => isSame(one.labels, labels))) return {};
  const wrong = labels.map((label) => (label + 1) % trainCounts.length);
  const never = seeds.map(() => wrong);
  const predictions = seeds.map((one) => one.predictions);
  const found = compareSeeds(predictions, never, labels, trainCounts, { groupRule });
  return Object.fromEntries(
    SCORE_COLUMNS.flatMap((name): [string, Ends][] => {
      const difference = found[name]?.difference;
      return difference ? [[name, [Math.max(0, difference.low), difference.high]]] : [];
    }),
  );
}
