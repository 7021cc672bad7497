/** Accuracy of each class against its training count, the joint head beside the best re-balanced one, each with a smooth line. */

import { colorScale, type Drawing, panel, type Series } from '../chart.ts';
import { type RankedClass, rankedClasses } from '../classes.ts';
import { classifierColor } from '../colors.ts';
import { correlation } from '../correlation.ts';
import { figure } from '../figure.ts';
import { classifierName, counted, percent, signed } from '../format.ts';
import type { Markup } from '../markup.ts';
import type { Results, Row } from '../results.ts';
import { classifiersOf } from '../selection.ts';
import { logTicks } from './log-ticks.ts';

/** Of more classes so many are drawn as points, evenly spread over the ranks; the lines are of all. */
const MOST_POINTS = 600;
/** A smooth line needs some different counts. */
const LEAST_COUNTS = 6;

interface Point {
  readonly count: number;
  readonly value: number;
  readonly head: string;
  readonly title: string;
}

const accuracyOf = (row: Row, { label }: RankedClass): number | null => row.scores.perClass?.[label] ?? null;

function pointsOf(classes: readonly RankedClass[], rows: readonly Row[]): Point[] {
  return rows.flatMap((row) =>
    classes.flatMap((one) => {
      const value = accuracyOf(row, one);
      if (value === null) return [];
      const head = classifierName(row.classifier);
      const title = `${one.name}: ${counted(one.count, 'training picture', 'training pictures')}, ${head} ${percent(value)} %`;
      return [{ count: Math.max(one.count, 1), value: 100 * value, head, title }];
    }),
  );
}

function drawing(
  { shown, all }: { shown: readonly Point[]; all: readonly Point[] },
  series: readonly Series[],
): Drawing {
  const [least, most] = [all.at(-1)!.count, all[0]!.count];
  const encoding = {
    x: {
      field: 'count',
      type: 'quantitative',
      title: 'training pictures (log scale)',
      scale: { type: 'log', nice: false, padding: 6 },
      axis: { values: logTicks(least, most), format: ',d' },
    },
    y: { field: 'value', type: 'quantitative', title: null, scale: { domain: [0, 100] } },
    color: { field: 'head', legend: null, scale: colorScale(series) },
  };
  const many = shown.length > 200;
  const dots = {
    data: { values: shown },
    mark: { type: 'point', filled: true, size: many ? 14 : 34, opacity: many ? 0.45 : 0.7, aria: true },
    encoding: { ...encoding, description: { field: 'title' } },
  };
  const smooth = {
    data: { values: all.map(({ head, count, value }) => ({ head, value, log: Math.log10(count) })) },
    transform: [
      { loess: 'value', on: 'log', groupby: ['head'], bandwidth: 0.5 },
      { calculate: 'pow(10, datum.log)', as: 'count' },
      { calculate: 'clamp(datum.value, 0, 100)', as: 'value' },
    ],
    mark: { type: 'line', strokeWidth: 2.5 },
    encoding,
  };
  const isSmooth = new Set(all.map(({ count }) => count)).size >= LEAST_COUNTS;
  return { layer: isSmooth ? [dots, smooth] : [dots] };
}

/** null where the accuracy of the classes is not known. @param compared rows of one representation */
export async function accuracyByCount(results: Results, compared: readonly Row[]): Promise<Markup | null> {
  const rows = compared.filter(({ scores }) => scores.perClass?.some((accuracy) => accuracy !== null));
  const classes = rankedClasses(results);
  const all = pointsOf(classes, rows);
  if (all.length === 0) return null;
  const every = Math.ceil(classes.length / MOST_POINTS);
  const some = classes.filter((_, i) => i % every === 0);
  const names = classifiersOf(results);
  const series = rows.map(({ classifier }) => ({
    name: classifierName(classifier),
    color: classifierColor(names, classifier),
    sign: '●',
  }));
  const correlations = series.map(({ name }) => {
    const own = all.filter(({ head }) => head === name);
    const logs = own.map(({ count }) => Math.log(count));
    return `${signed(
      correlation(
        logs,
        own.map(({ value }) => value),
      ),
    )} (${name})`;
  });
  const sentence = `On ${rows[0]!.sampler} features a class's accuracy and the log of its training count correlate by ${correlations.join(' and ')}.`;
  const note = `A point is a class; lines are local regressions (LOESS, half of the classes at a time).${every > 1 ? ` Drawn are ${some.length} of ${classes.length.toLocaleString('en')} classes, evenly spread.` : ''}`;
  const drawn = { shown: pointsOf(some, rows), all };
  return figure(await panel('Accuracy per class, %', sentence, drawing(drawn, series)), {
    name: 'Accuracy against training count',
    sentence,
    note,
    series,
    file: 'accuracy-by-class',
    rows: classes.map((one) => ({
      rank: one.rank,
      class: one.name,
      group: one.group,
      count: one.count,
      ...Object.fromEntries(rows.map((row) => [row.classifier, accuracyOf(row, one)])),
    })),
  });
}
