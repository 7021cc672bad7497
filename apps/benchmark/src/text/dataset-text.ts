/** A set's statistics in the terminal: a line a split, the groups, and the histogram of its class counts. */

import { counted } from '@longtail/report/results';
import type { DatasetStatistics, HistogramBin } from '../dataset-statistics.ts';
import { plainTable } from './plain-table.ts';

const [LONGEST_BAR, SHORTEST_BAR] = [40, 8];
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `fraction` (0..1) of a line of blocks; what is not nothing shows. */
export function block(fraction: number, { width = LONGEST_BAR }: { width?: number } = {}): string {
  const eighths = fraction > 0 ? Math.max(1, Math.round(fraction * width * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

const number = (n: number): string => n.toLocaleString('en');

/** @param columns of the terminal; bars give way to the numbers */
function histogramText(bins: readonly HistogramBin[], columns = Number.POSITIVE_INFINITY): string {
  const most = bins.reduce((largest, { classes }) => Math.max(largest, classes), 1);
  const range = ({ from, to }: HistogramBin) =>
    from === to ? number(from) : `${number(from)} - ${number(to)}`;
  const numbers = (bin: HistogramBin) =>
    `${counted(bin.classes, 'class', 'classes')}, ${counted(bin.pictures, 'picture', 'pictures')}`;
  const longest = (text: (bin: HistogramBin) => string) =>
    bins.reduce((most, bin) => Math.max(most, text(bin).length), 0);
  const ranges = longest(range);
  const room = columns - ranges - longest(numbers) - 5;
  const width = Math.min(LONGEST_BAR, Math.max(SHORTEST_BAR, room));
  return bins
    .map((bin) => `  ${range(bin).padStart(ranges)}  ${block(bin.classes / most, { width })} ${numbers(bin)}`)
    .join('\n');
}

/** One decimal where there is one. */
const factor = (value: number): string => String(+value.toFixed(1));

function splitsTable(splits: DatasetStatistics['splits'], width: number | undefined): string {
  const all = Object.values(splits);
  const table = plainTable(['', ...Object.keys(splits)], { widths: [18, 12], least: [16, 10], width });
  table.push(
    ['pictures', ...all.map((split) => number(split.pictures))],
    ['largest class', ...all.map((split) => number(split.largest))],
    ['smallest class', ...all.map((split) => number(split.smallest))],
    ['empty classes', ...all.map((split) => number(split.emptyClasses))],
    ['imbalance factor', ...all.map((split) => factor(split.imbalanceFactor))],
    ['Gini coefficient', ...all.map((split) => split.gini.toFixed(4))],
  );
  return table.toString();
}

/** @param options.width columns of the terminal */
export function statisticsText(
  statistics: DatasetStatistics,
  { width }: { width?: number | undefined } = {},
): string {
  const { dataset, numClasses, splits, groups, histogram, notes, evaluation } = statistics;
  const subset = splits.train?.subset;
  return [
    `${dataset}: ${counted(numClasses, 'class', 'classes')}`,
    splitsTable(splits, width),
    ...(groups
      ? [
          `many / medium / few classes: ${groups.many} / ${groups.medium} / ${groups.few} (rule ${groups.rule})`,
        ]
      : []),
    ...(subset ? [`training subset: SHA-256 ${subset}`] : []),
    ...(evaluation ? [`published numbers are of ${evaluation.split}: ${evaluation.caveat}`] : []),
    ...notes.map((note) => `note: ${note}`),
    ...(histogram ? ['classes by their training pictures:', histogramText(histogram, width)] : []),
  ].join('\n');
}
