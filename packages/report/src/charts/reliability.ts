/** Reliability: accuracy over confidence in bins, a panel a group; what is on the diagonal may be believed as it says. */

import { colorScale, type Drawing, panel, type Series } from '../chart.ts';
import { classifierColor } from '../colors.ts';
import { figure, panels } from '../figure.ts';
import { classifierName, percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { Reliability, Results } from '../results.ts';
import { classifiersOf, SCORE_COLUMNS } from '../selection.ts';

function drawing(own: readonly Reliability[], series: readonly Series[]): Drawing {
  const values = own.flatMap(({ classifier, bins }) =>
    bins.flatMap(({ accuracy, confidence, count, from, to }) => {
      if (accuracy === null || confidence === null) return [];
      const head = classifierName(classifier);
      const title = `${head}, confidence ${percent(from)} to ${percent(to)} %: ${percent(accuracy)} % right of ${count}`;
      return [{ head, x: 100 * confidence, y: 100 * accuracy, title }];
    }),
  );
  const axis = (field: string, title: string | null) => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [0, 100] },
    axis: { tickCount: 5 },
  });
  const encoding = {
    x: axis('x', 'mean confidence, %'),
    y: axis('y', null),
    color: { field: 'head', legend: null, scale: colorScale(series) },
  };
  const diagonal = {
    data: {
      values: [
        { x: 0, y: 0 },
        { x: 100, y: 100 },
      ],
    },
    mark: { type: 'line', color: 'var(--faint)', strokeDash: [4, 4], strokeWidth: 1 },
    encoding: { x: encoding.x, y: encoding.y },
  };
  const lines = { data: { values }, mark: { type: 'line' }, encoding };
  const dots = {
    data: { values },
    mark: { type: 'point', filled: true, size: 40, opacity: 1, aria: true },
    encoding: { ...encoding, description: { field: 'title' } },
  };
  return { layer: [diagonal, lines, dots] };
}

/** null where nothing is known of it. @param own of one representation */
export async function reliability(results: Results, own: readonly Reliability[]): Promise<Markup | null> {
  if (own.length === 0) return null;
  const heads = [...new Set(own.map(({ classifier }) => classifier))];
  const names = classifiersOf(results);
  const series = heads.map((head) => ({
    name: classifierName(head),
    color: classifierColor(names, head),
    sign: '●',
  }));
  const eceText = (of: readonly Reliability[]) =>
    of.map(({ classifier, ece }) => `${percent(ece)} % (${classifierName(classifier)})`).join(', ');
  const drawn = SCORE_COLUMNS.flatMap((column) => {
    const of = own.filter(({ group }) => group === column);
    if (of.length === 0) return [];
    const title = `${column === 'all' ? 'All classes' : `${column}-shot classes`}: accuracy, %`;
    return [
      panel(
        title,
        `Accuracy over confidence, ${column}: calibration error ${eceText(of)}.`,
        drawing(of, series),
      ),
    ];
  });
  const last = ['few', 'medium', 'many', 'all'].find((column) => own.some(({ group }) => group === column))!;
  const rows = own.flatMap(({ sampler, classifier, group, bins }) =>
    bins.map(({ from, to, count, accuracy, confidence }) => ({
      sampler,
      classifier,
      group,
      from,
      to,
      count,
      accuracy,
      confidence,
    })),
  );
  return html`<section><h2>How far it may be believed</h2>
${figure(panels(await Promise.all(drawn)), {
  name: 'Reliability',
  sentence: `The expected calibration error of ${last === 'all' ? 'all test pictures' : `${last}-shot test pictures`} is ${eceText(own.filter(({ group }) => group === last))}.`,
  note: 'Below the dashed line a classifier is surer than it is right.',
  series,
  file: 'reliability',
  rows,
})}</section>`;
}
