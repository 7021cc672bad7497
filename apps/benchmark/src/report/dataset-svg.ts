/** The long tail of a set as an SVG file of its own: the report's chart, its colours written out for viewers without CSS. */
import { DataError } from '@longtail/core';
import type { DatasetStatistics } from '../dataset-statistics.ts';
import { classCounts } from './charts/class-counts.ts';
import { COLORS } from './style.ts';

/** Those of the light page, which come first. */
const VALUES: ReadonlyMap<string, string> = new Map(
  [...COLORS.matchAll(/(--\w+): (#\w+)/g)].reverse().map(([, name = '', value = '']) => [name, value]),
);

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
  const { markup } = await classCounts({
    dataset: { trainCounts, classNames },
    rows: [{ scores: { groupRule: groups.rule } }],
  });
  const svg = markup.slice(markup.indexOf('<svg'), markup.lastIndexOf('</svg>') + '</svg>'.length);
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" style="background:${VALUES.get('--paper')};font-family:sans-serif" `;
  return `${svg.replace('<svg ', frame).replaceAll(/var\((--\w+)\)/g, (_, name) => VALUES.get(name)!)}\n`;
}
