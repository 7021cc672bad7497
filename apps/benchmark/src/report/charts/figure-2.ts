/** Figure 2 of the paper: the norms of the classifiers' weights against the class's rank, and accuracy over tau. */
import type { Results, TauCurve, WeightNorms } from '../../results.ts';
import { chart, colorOf, colorScale, GROUP_COLORS, INK, legend, MUTED, type Series } from '../chart.ts';
import { binnedByRank, rankedClasses } from '../classes.ts';
import { classifierName, percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { classifiersOf, SCORE_COLUMNS } from '../selection.ts';
import { groupBands, rankAxis } from './class-rank.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation; 0 where one side does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const scale = product(a, meanA, a, meanA) * product(b, meanB, b, meanB);
  return scale > 0 ? product(a, meanA, b, meanB) / Math.sqrt(scale) : 0;
}

function normsChart(
  results: Results,
  sampler: string,
  heads: readonly WeightNorms[],
  series: readonly Series[],
): Promise<Markup> {
  const classes = rankedClasses(results);
  const logCounts = results.dataset.trainCounts.map((count) => Math.log(Math.max(count, 1)));
  const values = heads.flatMap(({ classifier, norms }) => {
    // Relative to its own mean: tau-normalised and learned heads live on different scales.
    const typical = mean(norms);
    const relative = norms.map((norm) => norm / typical);
    return binnedByRank(classes, relative).map((bin) => ({ ...bin, head: classifierName(classifier) }));
  });
  const x = rankAxis(classes);
  const correlations = heads.map(
    ({ classifier, norms }) => `${classifierName(classifier)} ${correlation(norms, logCounts).toFixed(2)}`,
  );
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
  const text = `correlation with the log of the count: ${correlations.join(', ')}`;
  return chart(
    `‖w‖ over its mean, ${sampler}; ${text}`,
    `Weight norms from head to tail on ${sampler} features; ${text}.`,
    {
      layer: [...groupBands(classes), counts, lines],
      resolve: { scale: { y: 'independent' } },
    },
  );
}

function tauChart(
  results: Results,
  { sampler, points }: TauCurve,
  series: readonly Series[],
): Promise<Markup> {
  const chosen = results.rows.find((row) => row.sampler === sampler && row.classifier === 'tau')?.chosen.tau;
  const values = points.flatMap(({ tau, scores }) =>
    SCORE_COLUMNS.flatMap((column) =>
      scores[column] === null ? [] : [{ tau, column, value: 100 * scores[column] }],
    ),
  );
  const rule = {
    data: { values: [{ tau: chosen }] },
    mark: { type: 'rule', color: MUTED, strokeDash: [4, 4] },
    encoding: { x: { field: 'tau', type: 'quantitative' } },
  };
  const lines = {
    data: { values },
    mark: { type: 'line' },
    encoding: {
      x: { field: 'tau', type: 'quantitative', title: 'τ', scale: { nice: false, zero: false } },
      y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false } },
      color: { field: 'column', legend: null, scale: colorScale(series) },
    },
  };
  const [first, last] = [points[0]!, points.at(-1)!];
  const alt = `Accuracy over tau on ${sampler} features: all ${percent(first.scores.all)} % at ${first.tau}, ${percent(last.scores.all)} % at ${last.tau}.`;
  const mark = chosen === undefined ? '' : `; chosen τ = ${chosen}`;
  return chart(`Accuracy over τ, %, ${sampler}${mark}`, alt, {
    layer: chosen === undefined ? [lines] : [rule, lines],
  });
}

async function norms(results: Results): Promise<Markup | null> {
  const usable = results.weightNorms.filter(
    (head) => head.norms.length > 0 && head.norms.every(Number.isFinite),
  );
  if (usable.length === 0) return null;
  const names = classifiersOf(results);
  const heads = [...new Set(usable.map(({ classifier }) => classifier))];
  const series = heads.map((head) => ({ name: classifierName(head), color: colorOf(names, head) }));
  const samplers = [...new Set(usable.map(({ sampler }) => sampler))];
  const panels = samplers.map((sampler) =>
    normsChart(
      results,
      sampler,
      usable.filter((head) => head.sampler === sampler),
      series,
    ),
  );
  return html`${legend([...series, { name: 'log of the training count', color: MUTED, sign: '┅' }])}
<div class="charts">${await Promise.all(panels)}</div>`;
}

async function tauCurves(results: Results): Promise<Markup | null> {
  const curves = results.tauCurves.filter(({ points }) => points.length > 1);
  if (curves.length === 0) return null;
  const series = [
    ...Object.entries(GROUP_COLORS).map(([name, color]) => ({ name, color })),
    { name: 'all', color: INK },
  ];
  return html`<h3>Accuracy over the temperature τ</h3>
${legend(series)}
<div class="charts">${await Promise.all(curves.map((curve) => tauChart(results, curve, series)))}</div>`;
}

/** null where the run measured neither. */
export async function figure2(results: Results): Promise<Markup | null> {
  const parts = [await norms(results), await tauCurves(results)];
  if (parts.every((part) => part === null)) return null;
  return html`<section>
<h2>Figure 2: what re-balancing does to the weights</h2>
<p>A head learned under imbalance gives frequent classes longer weight vectors and so wider decision regions; τ-normalisation divides w by ‖w‖<sup>τ</sup>.</p>
${parts}
</section>`;
}
