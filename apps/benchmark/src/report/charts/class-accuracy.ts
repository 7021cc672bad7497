/** Accuracy of each class from head to tail: the joint head against the best re-balanced one on the same features. */
import type { Results, Row } from '../../results.ts';
import { chart, colorScale, type Drawing, MUTED } from '../chart.ts';
import { binnedByRank, rankedClasses } from '../classes.ts';
import { classifierName } from '../format.ts';
import type { Markup } from '../markup.ts';
import { groupBands, rankAxis } from './class-rank.ts';

/** Beyond this many classes single ones cannot be told apart: curves of means take the place of dumbbells. */
const DUMBBELLS = 60;

export const ACCURACY_COLORS: Readonly<Record<'joint' | 'best', string>> = {
  joint: MUTED,
  best: 'var(--accent)',
};

export function classAccuracy(results: Results, joint: Row, best: Row): Promise<Markup> {
  const classes = rankedClasses(results);
  const few = classes.length <= DUMBBELLS;
  const series = [
    { name: 'joint', color: ACCURACY_COLORS.joint },
    { name: 'best', color: ACCURACY_COLORS.best },
  ];
  const pair = { joint, best };
  const values = series.flatMap(({ name }) =>
    binnedByRank(classes, pair[name as keyof typeof pair].scores.perClass, { limit: DUMBBELLS }).map(
      ({ rank, value }) => ({
        rank,
        value: 100 * value,
        series: name,
      }),
    ),
  );
  const encoding = {
    x: rankAxis(classes),
    y: { field: 'value', type: 'quantitative', title: null, scale: { domain: [0, 100] } },
  };
  const color = { field: 'series', legend: null, scale: colorScale(series) };
  const links = {
    mark: { type: 'line', color: 'var(--faint)', strokeWidth: 1.5 },
    encoding: { ...encoding, detail: { field: 'rank' } },
  };
  const dots = {
    mark: { type: 'point', filled: true, size: 42, opacity: 1 },
    encoding: { ...encoding, color },
  };
  const curves = { mark: { type: 'line' }, encoding: { ...encoding, color } };
  const layer: Drawing[] = (few ? [links, dots] : [curves]).map((one) => ({ data: { values }, ...one }));
  const heads = `${classifierName(joint.classifier)} against ${classifierName(best.classifier)} on ${best.sampler} features`;
  const unit = few ? '' : `, means of ${Math.ceil(classes.length / DUMBBELLS)} neighbouring classes`;
  return chart(`Accuracy per class, %${unit}`, `Accuracy of each class from head to tail, ${heads}.`, {
    layer: [...groupBands(classes), ...layer],
  });
}
