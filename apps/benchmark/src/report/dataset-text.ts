/** A set's statistics in the terminal: a line a split, the groups, and the histogram of its class counts. */
import Table from 'cli-table3';
import type { DatasetStatistics, HistogramBin } from '../dataset-statistics.ts';
import { counted } from './format.ts';

const WIDTH = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `fraction` (0..1) of a line of blocks; what is not nothing shows. */
export function block(fraction: number, { width = WIDTH }: { width?: number } = {}): string {
  const eighths = fraction > 0 ? Math.max(1, Math.round(fraction * width * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

const number = (n: number): string => n.toLocaleString('en');

function histogramText(bins: readonly HistogramBin[]): string {
  const most = bins.reduce((largest, { classes }) => Math.max(largest, classes), 1);
  const range = ({ from, to }: HistogramBin) =>
    from === to ? number(from) : `${number(from)} - ${number(to)}`;
  const width = bins.reduce((longest, bin) => Math.max(longest, range(bin).length), 0);
  return bins
    .map((bin) => {
      const classes = counted(bin.classes, 'class', 'classes');
      return `  ${range(bin).padStart(width)}  ${block(bin.classes / most)} ${classes}, ${counted(bin.pictures, 'picture', 'pictures')}`;
    })
    .join('\n');
}

/** One decimal where there is one. */
const factor = (value: number): string => String(+value.toFixed(1));

export function statisticsText(statistics: DatasetStatistics): string {
  const { dataset, numClasses, splits, groups, histogram, notes, evaluation } = statistics;
  const table = new Table({
    head: ['split', 'pictures', 'largest', 'smallest', 'empty', 'imbalance', 'Gini'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [split, s] of Object.entries(splits))
    table.push([
      split,
      number(s.pictures),
      number(s.largest),
      number(s.smallest),
      number(s.emptyClasses),
      factor(s.imbalanceFactor),
      s.gini.toFixed(4),
    ]);
  const subset = splits.train?.subset;
  return [
    `${dataset}: ${counted(numClasses, 'class', 'classes')}`,
    table.toString(),
    ...(groups
      ? [
          `many / medium / few classes: ${groups.many} / ${groups.medium} / ${groups.few} (rule ${groups.rule})`,
        ]
      : []),
    ...(subset ? [`training subset: SHA-256 ${subset}`] : []),
    ...(evaluation ? [`published numbers are of ${evaluation.split}: ${evaluation.caveat}`] : []),
    ...notes.map((note) => `note: ${note}`),
    ...(histogram ? ['classes by their training pictures:', histogramText(histogram)] : []),
  ].join('\n');
}
