/** Figure 1 of the paper: a panel a group, the classifiers along x, the representations as coloured marks. */
import type { Results } from '../../results.ts';
import { chart, colorOf, colorScale, legend, type Series } from '../chart.ts';
import { classifierName, counted, percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { classifiersOf, SCORE_COLUMNS, type ScoreColumn, samplersOf } from '../selection.ts';

const TITLES = { many: 'Many-shot', medium: 'Medium-shot', few: 'Few-shot', all: 'All classes' } as const;
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross'] as const;
const SIGNS = ['●', '■', '▲', '◆', '✚'] as const;

function panel(results: Results, column: ScoreColumn, series: readonly Series[]): Promise<Markup> | null {
  const values = results.rows.flatMap(({ sampler, classifier, scores }) => {
    const accuracy = scores[column];
    if (accuracy === null) return [];
    return [
      { sampler, classifier: classifierName(classifier), value: 100 * accuracy, text: percent(accuracy) },
    ];
  });
  if (values.length === 0) return null;
  const samplers = samplersOf(results);
  const encoding = {
    x: {
      field: 'classifier',
      type: 'nominal',
      sort: classifiersOf(results).map(classifierName),
      title: null,
      axis: { labelAngle: 0, domain: false },
    },
    y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false, padding: 14 } },
  };
  const shape = {
    field: 'sampler',
    legend: null,
    scale: { domain: samplers, range: samplers.map((_, i) => SHAPES[i % 5]) },
  };
  const color = { field: 'sampler', legend: null, scale: colorScale(series) };
  const marks = {
    mark: { type: 'point', filled: true, size: 90, opacity: 0.95 },
    encoding: { color, shape, xOffset: { field: 'sampler', sort: samplers } },
  };
  // With one representation there is room for the numbers beside their marks.
  const labels = {
    mark: { type: 'text', dy: -12, fontSize: 12, color: 'var(--ink)' },
    encoding: { text: { field: 'text' } },
  };
  const alt = `${TITLES[column]} accuracy by classifier: ${values.map((v) => `${v.sampler} ${v.classifier} ${v.text} %`).join(', ')}.`;
  const layer = samplers.length > 1 ? [marks] : [marks, labels];
  return chart(`${TITLES[column]} accuracy, %`, alt, { data: { values }, encoding, layer });
}

export async function figure1(results: Results): Promise<Markup> {
  const samplers = samplersOf(results);
  const series = samplers.map((name, i) => ({ name, color: colorOf(samplers, name), sign: SIGNS[i % 5]! }));
  const panels = await Promise.all(SCORE_COLUMNS.map((column) => panel(results, column, series)));
  return html`<section>
<h2>Figure 1: representation × classifier</h2>
<p>Each mark is one classifier on one frozen representation; ${counted(samplers.length, 'representation sampler', 'representation samplers')}. The scales of the panels differ and do not start at zero.</p>
${legend(series)}
<div class="charts">${panels}</div>
</section>`;
}
