/** How far the heads of a run may be believed: accuracy over confidence, of all test pictures and of each group's. */
import { equalWidthCalibration } from '@longtail/metrics';
import { GROUPS, type Reliability, type ReportedDataset } from '@longtail/report/results';
import type { ScoredSampler } from './read-stages.ts';

/** None of heads whose scores are no probabilities, and of runs from before confidences were kept. */
export function reliabilityOf(
  { sampler, predictions }: ScoredSampler,
  { groups }: Pick<ReportedDataset, 'groups'>,
  classifier: string,
): Reliability[] {
  const name = `${classifier}.confidence`;
  if (!predictions.arrays.has(name)) return [];
  const labels = predictions.int32('labels', [null]).data;
  const { length } = labels;
  const predicted = predictions.int32(classifier, [length]).data;
  const confidence = predictions.float32(name, [length]).data;
  const groupOf = new Map(GROUPS.flatMap((group) => groups[group].map((label) => [label, group] as const)));
  return (['all', ...GROUPS] as const).flatMap((group) => {
    const rows = [...labels.keys()].filter((row) => group === 'all' || groupOf.get(labels[row]!) === group);
    if (rows.length === 0) return [];
    const confidences = rows.map((row) => confidence[row]!);
    const correct = rows.map((row) => predicted[row] === labels[row]);
    const { ece, bins } = equalWidthCalibration(confidences, correct);
    return [{ sampler, classifier, group, ece, bins }];
  });
}
