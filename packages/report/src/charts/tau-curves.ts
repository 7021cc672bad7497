/** Figure 2 of the paper, right: accuracy over the temperature tau of w / ||w||^tau, on the test and the selection split. */

import { colorScale, type Drawing, panel, type Series } from '../chart.ts';
import { COLUMN_COLORS, MUTED } from '../colors.ts';
import { captionOf, figure, panels } from '../figure.ts';
import { percent } from '../format.ts';
import type { Markup } from '../markup.ts';
import type { Results, TauCurve } from '../results.ts';
import { SCORE_COLUMNS, type ScoreColumn } from '../selection.ts';

const SELECTION = 'selection split';
const SERIES: readonly Series[] = [
  ...SCORE_COLUMNS.map((name) => ({ name, color: COLUMN_COLORS[name] })),
  { name: SELECTION, color: MUTED, sign: '┅' },
];

const chosenTau = (results: Results, sampler: string): number | undefined =>
  results.rows.find((row) => row.sampler === sampler && row.classifier === 'tau')?.chosen?.tau;

function valuesOf({ points }: TauCurve) {
  return points.flatMap(({ tau, scores, selection }) => {
    const test = SCORE_COLUMNS.map((name) => ({ name: name as string, value: scores[name] }));
    return [...test, { name: SELECTION, value: selection ?? null }].flatMap(({ name, value }) =>
      value === null
        ? []
        : [{ tau, name, value: 100 * value, split: name === SELECTION ? 'selection' : 'test' }],
    );
  });
}

function drawing(curve: TauCurve, chosen: number | undefined): Drawing {
  const x = { field: 'tau', type: 'quantitative', title: 'τ', scale: { nice: false, zero: false } };
  const lines = {
    data: { values: valuesOf(curve) },
    mark: { type: 'line' },
    encoding: {
      x,
      y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false } },
      color: { field: 'name', legend: null, scale: colorScale(SERIES) },
      strokeDash: {
        field: 'split',
        legend: null,
        scale: {
          domain: ['test', 'selection'],
          range: [
            [1, 0],
            [3, 3],
          ],
        },
      },
    },
  };
  const bold = {
    ...lines,
    transform: [{ filter: "datum.name === 'all'" }],
    mark: { type: 'line', strokeWidth: 3 },
  };
  const mark = { data: { values: [{ tau: chosen, text: `τ = ${chosen}` }] }, encoding: { x } };
  const rule = { ...mark, mark: { type: 'rule', color: 'var(--ink)', strokeDash: [4, 4] } };
  const label = {
    ...mark,
    mark: { type: 'text', baseline: 'bottom', dy: -3, fontSize: 12, color: 'var(--ink)' },
    encoding: { x, y: { value: 0 }, text: { field: 'text' } },
  };
  return { layer: chosen === undefined ? [lines, bold] : [rule, lines, bold, label] };
}

function sentence(results: Results, { sampler, points }: TauCurve): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  const change = (name: ScoreColumn) => `${percent(first.scores[name])} to ${percent(last.scores[name])} %`;
  const chosen = chosenTau(results, sampler);
  const text = chosen === undefined ? '' : `; τ = ${chosen} was chosen`;
  return `From τ = ${first.tau} to ${last.tau} on ${sampler} features, many-shot accuracy goes from ${change('many')} and few-shot accuracy from ${change('few')}${text}.`;
}

/**
 * @param options.recipe whose, where the page has the figure of other recipes as well
 * @returns null where the results have none
 */
export async function tauCurves(
  results: Results,
  { recipe }: { recipe?: string | undefined } = {},
): Promise<Markup | null> {
  const curves = (results.tauCurves ?? []).filter(({ points }) => points.length > 1);
  if (curves.length === 0) return null;
  const drawn = curves.map((curve) => {
    const alt = sentence(results, curve);
    return panel(
      captionOf(`Accuracy over τ, %, ${curve.sampler}`, recipe),
      alt,
      drawing(curve, chosenTau(results, curve.sampler)),
    );
  });
  const hasSelection = curves.some(({ points }) => points.some(({ selection }) => selection !== undefined));
  const rows = curves.flatMap(({ sampler, points }) =>
    points.map(({ tau, scores, selection }) => ({
      sampler,
      tau,
      ...Object.fromEntries(SCORE_COLUMNS.map((name) => [name, scores[name]])),
      selection,
    })),
  );
  return figure(panels(await Promise.all(drawn)), {
    name: 'Figure 2, τ',
    sentence: sentence(results, curves[0]!),
    note: `Of test pictures${hasSelection ? '; dashed what τ was chosen by, the mean accuracy of the classes on the selection split' : ''}. τ-normalisation divides w by ‖w‖ to the power of τ.`,
    series: hasSelection ? SERIES : SERIES.slice(0, -1),
    file: 'figure-2-tau',
    rows,
    recipe,
  });
}
