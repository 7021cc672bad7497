/** Several runs as one page: a chart a group of classes, each seed a dot and each mean a bar, and the numbers behind them. */
import { colorScale, legend, panel, type Series } from './chart.ts';
import { poolColor } from './colors.ts';
import { panels } from './figure.ts';
import { classifierName, counted, isBest, percent } from './format.ts';
import { html, type Markup, raw } from './markup.ts';
import { bestMean, type Compared, type Pool, pooled, sideBySide } from './pooled.ts';
import type { Results } from './results.ts';
import { SCORE_COLUMNS, type ScoreColumn } from './selection.ts';
import { STYLE } from './style.ts';
import { testPicturesNote } from './test-pictures.ts';

/** One representation goes without saying. */
function titleOf(
  { sampler, classifier }: Pick<Compared, 'sampler' | 'classifier'>,
  pools: readonly Pool[],
): string {
  const samplers = new Set(pools.flatMap(({ rows }) => rows.map((row) => row.sampler)));
  return samplers.size > 1 ? `${classifierName(classifier)}, ${sampler}` : classifierName(classifier);
}

function columnPanel(
  pools: readonly Pool[],
  column: ScoreColumn,
  series: readonly Series[],
): Promise<Markup> | null {
  const values = pools.flatMap(({ name, rows }) =>
    rows.flatMap((row) =>
      row.scores[column].values.flatMap((value) =>
        value === null ? [] : [{ pool: name, row: titleOf(row, pools), value: 100 * value }],
      ),
    ),
  );
  if (values.length === 0) return null;
  const names = pools.map(({ name }) => name);
  const encoding = {
    x: {
      field: 'row',
      type: 'nominal',
      sort: sideBySide(pools).map((row) => titleOf(row, pools)),
      title: null,
      // Names with their representation are too long to stand side by side.
      axis: {
        labelAngle: values.some(({ row }) => row.includes(', ')) ? -40 : 0,
        labelLimit: 130,
        domain: false,
      },
    },
    xOffset: { field: 'pool', sort: names },
    y: { type: 'quantitative', title: null, scale: { zero: false, padding: 14 } },
    color: { field: 'pool', legend: null, scale: colorScale(series) },
  };
  const y = { ...encoding.y, field: 'value' };
  const dots = {
    mark: { type: 'point', filled: true, size: 40, opacity: 0.6 },
    encoding: { ...encoding, y },
  };
  const means = {
    mark: { type: 'tick', thickness: 2, size: 18 },
    encoding: { ...encoding, y: { ...y, aggregate: 'mean' } },
  };
  const title = column === 'all' ? 'All classes' : `${column[0]!.toUpperCase()}${column.slice(1)}-shot`;
  const alt = `${title}: accuracy of ${names.join(', ')}, a dot a seed and a bar at the mean.`;
  return panel(`${title}, accuracy in %`, alt, { data: { values }, layer: [dots, means] });
}

function table(pools: readonly Pool[]): Markup {
  const best = SCORE_COLUMNS.map((column) => bestMean(pools, column));
  const bodies = sideBySide(pools).map(({ sampler, classifier, of }) => {
    const lines = of.map(({ pool, row }) => {
      const cells = SCORE_COLUMNS.map((column, i) => {
        const { mean, values } = row.scores[column];
        const each =
          values.length > 1 ? html`<br><small class="muted">${values.map(percent).join(' ')}</small>` : null;
        return html`<td class="${isBest(mean, best[i]) ? 'n best' : 'n'}">${percent(mean)}${each}</td>`;
      });
      return html`<tr><td>${pool.name}</td>${cells}</tr>`;
    });
    return html`<tbody><tr><th scope="rowgroup" colspan="5">${sampler}, ${classifierName(classifier)}</th></tr>${lines}</tbody>`;
  });
  const head = SCORE_COLUMNS.map((column) => html`<th class="n" scope="col">${column}</th>`);
  return html`<div class="scroll"><table><thead><tr><th scope="col">recipe</th>${head}</tr></thead>${bodies}</table></div>`;
}

/**
 * @param runs results, in any order; seeds of one recipe and its options are pooled
 * @returns the whole HTML file
 * @throws InputError where a seed of a pool is there twice; DataError for what is not of the form of results
 * @example
 * await writeFile('comparison.html', await comparisonHtml([seed0, seed1, other]));
 */
export async function comparisonHtml(runs: readonly Results[]): Promise<string> {
  const pools = pooled(runs);
  const names = pools.map(({ name }) => name);
  const series = names.map((name) => ({ name, color: poolColor(names, name), sign: '●' }));
  const drawn = await Promise.all(SCORE_COLUMNS.map((column) => columnPanel(pools, column, series)));
  const made = pools.map(
    ({ name, seeds }) =>
      html`<li>${name}: ${counted(seeds.length, 'run', 'runs')}, seed ${seeds.map((seed) => seed ?? 'not said').join(', ')}</li>`,
  );
  const note = testPicturesNote(pools);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${names.join(', ')}</title><style>${raw(STYLE)}</style></head><body>
<main><h1>${counted(runs.length, 'run', 'runs')} compared</h1><ul>${made}</ul>${note ? html`<p>${note}</p>` : null}
<section><h2>Accuracy by group of classes</h2><p>A dot is one run, a bar the mean of its recipe's runs. Differences between them are shown, not tested. The scales of the panels differ and do not start at zero.</p>
${legend(series)}${panels(drawn)}</section>
<section><h2>Accuracy, %</h2><p>Means; each run below, in the order above. The best mean of a column is bold.</p>${table(pools)}</section>
</main></body></html>
`.markup;
}
