/** The long tail of a set as an SVG file of its own: which the report draws as well. */
import { DataError } from '@longtail/core';
import { classGroups } from '@longtail/metrics';
import { classCountsSvg } from '@longtail/report';
import type { DatasetStatistics } from '../dataset-statistics.ts';
/** @throws DataError without a training split: it is its pictures that are drawn */
export async function datasetSvg({
  dataset,
  trainCounts,
  classNames,
  groups,
}: DatasetStatistics): Promise<string> {
  if (!trainCounts || !groups)
    throw new DataError(
      `expected the training pictures of ${dataset}, which --svg draws, but there is no training split; put its list or folder beside the others.`,
    );
  return classCountsSvg({
    dataset: { trainCounts, classNames, groups: classGroups(trainCounts, { groupRule: groups.rule }) },
  });
}
