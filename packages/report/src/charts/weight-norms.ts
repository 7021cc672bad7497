/** Figure 2 of the paper, left: the norms of each head's weights ||w_c|| against the rank of the class. */

import { colorScale, panel, type Series } from '../chart.ts';
import { binnedByRank, rankedClasses } from '../classes.ts';
import { classifierColor, MUTED } from '../colors.ts';
import { correlation, mean } from '../correlation.ts';
import { captionOf, figure, panels } from '../figure.ts';
import { classifierName, signed } from '../format.ts';
import type { Markup } from '../markup.ts';
import type { Results, WeightNorms } from '../results.ts';
import { classifiersOf } from '../selection.ts';
import { groupBands, rankAxis } from './class-rank.ts';

const logCountsOf = ({ dataset }: Results): number[] =>
  dataset.trainCounts.map((count) => Math.log(Math.max(count, 1)));

function normsPanel(
  results: Results,
  sampler: string,
  heads: readonly WeightNorms[],
  { series, recipe }: { series: readonly Series[]; recipe: string | undefined },
): Promise<Markup> {
  const classes = rankedClasses(results);
  const logCounts = logCountsOf(results);
  const values = heads.flatMap(({ classifier, norms }) => {
    // Relative to its own mean: tau-normalised and learned heads live on different scales.
    const typical = mean(norms);
    const relative = norms.map((norm) => norm / typical);
    return binnedByRank(classes, relative).map((bin) => ({ ...bin, head: classifierName(classifier) }));
  });
  const x = rankAxis(classes);
  const counts = {
    data: { values: binnedByRank(classes, logCounts) },
    mark: { type: 'line', strokeDash: [2, 5], color: MUTED },
    encoding: { x, y: { field: 'value', type: 'quantitative', axis: null, scale: { zero: false } } },
  };
  const lines = {
    data: { values },
    mark: { type: 'line' },
    encoding: {
      x,
      y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false } },
      color: { field: 'head', legend: null, scale: colorScale(series) },
    },
  };
  const text = heads
    .map((h) => `${classifierName(h.classifier)} ${signed(correlation(h.norms, logCounts))}`)
    .join(', ');
  return panel(
    captionOf(`‖w‖ over its mean, ${sampler} features`, recipe),
    `Weight norms from head to tail on ${sampler} features; correlation with the log of the count: ${text}.`,
    { layer: [...groupBands(classes), counts, lines], resolve: { scale: { y: 'independent' } } },
  );
}

function sentence(results: Results, { sampler }: WeightNorms, heads: readonly WeightNorms[]): string {
  const logCounts = logCountsOf(results);
  const texts = heads
    .filter((head) => head.sampler === sampler)
    .map((h) => `${signed(correlation(h.norms, logCounts))} (${classifierName(h.classifier)})`);
  return `On ${sampler} features the correlation of a class's weight norm with the log of its training count is ${texts.join(', ')}.`;
}

/**
 * @param options.recipe whose, where the page has the figure of other recipes as well
 * @returns null where the results have none
 */
export async function weightNorms(
  results: Results,
  { recipe }: { recipe?: string | undefined } = {},
): Promise<Markup | null> {
  const usable = (results.weightNorms ?? []).filter(
    ({ norms }) => norms.length > 0 && norms.every(Number.isFinite),
  );
  if (usable.length === 0) return null;
  const names = classifiersOf(results);
  const heads = [...new Set(usable.map(({ classifier }) => classifier))];
  const series = heads.map((head) => ({ name: classifierName(head), color: classifierColor(names, head) }));
  const samplers = [...new Set(usable.map(({ sampler }) => sampler))];
  const drawn = samplers.map((sampler) => {
    const own = usable.filter((head) => head.sampler === sampler);
    return normsPanel(results, sampler, own, { series, recipe });
  });
  const rows = rankedClasses(results).map(({ rank, name, count, group, label }) => ({
    rank,
    class: name,
    group,
    count,
    ...Object.fromEntries(usable.map((h) => [`${h.sampler} ${h.classifier}`, h.norms[label]])),
  }));
  return figure(panels(await Promise.all(drawn)), {
    name: 'Figure 2, norms',
    sentence: sentence(results, usable[0]!, usable),
    note: 'A head that was learned under imbalance gives frequent classes longer weights, and so wider decision regions.',
    series: [...series, { name: 'log of the training count', color: MUTED, sign: '┅' }],
    file: 'figure-2-norms',
    rows,
    recipe,
  });
}
