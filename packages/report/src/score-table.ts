/** The table of the paper: representation and classifier, accuracy by group and on all classes. */

import { conditions } from './conditions.ts';
import { csvLink } from './csv-link.ts';
import { chosenText, classifierName, isBest, percent } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Results, Row } from './results.ts';
import { bestOfColumn, SCORE_COLUMNS, samplersOf } from './selection.ts';

function line(row: Row, best: readonly (number | null)[]): Markup {
  const cells = SCORE_COLUMNS.map((column, i) => {
    const value = row.scores[column];
    const [low, high] = row.scores.intervals?.[column] ?? [];
    // A bootstrap of pictures that are all right, or all wrong, has one value: no interval of a few hundred pictures.
    const interval =
      low === undefined || low === high
        ? null
        : html`<span class="interval">${percent(low)}–${percent(high)}</span>`;
    return html`<td class="${isBest(value, best[i]) ? 'n best' : 'n'}">${percent(value)}${interval}</td>`;
  });
  const chosen = chosenText(row.chosen ?? {});
  return html`<tr><th scope="row">${classifierName(row.classifier)}${chosen && html`<span class="interval">${chosen}</span>`}</th>${cells}</tr>`;
}

export function scoreTable(results: Results): Markup {
  const best = SCORE_COLUMNS.map((column) => bestOfColumn(results, column));
  const groups = samplersOf(results).map((sampler) => {
    const own = results.rows.filter((row) => row.sampler === sampler);
    return html`<tbody><tr><th scope="rowgroup" colspan="5">${sampler}</th></tr>${own.map((row) => line(row, best))}</tbody>`;
  });
  const head = SCORE_COLUMNS.map((column) => html`<th class="n" scope="col">${column}</th>`);
  const rows = results.rows.map(({ sampler, classifier, chosen, scores }) => ({
    sampler,
    classifier,
    chosen: chosenText(chosen ?? {}),
    ...Object.fromEntries(SCORE_COLUMNS.map((column) => [column, scores[column]])),
    meanOfClasses: scores.meanOfClasses,
    macroF1: scores.macroF1,
  }));
  const hasIntervals = results.rows.some(({ scores }) => scores.intervals);
  return html`<section><h2>Accuracy, %</h2>
<table class="scores"><caption class="muted">The best of each column is bold.${hasIntervals ? ' Below a number is its interval over test pictures.' : ''}</caption>
<thead><tr><th scope="col">classifier</th>${head}</tr></thead>${groups}</table>
<p class="muted">${conditions(results).join(' · ')}</p><p class="muted">${csvLink('accuracy', rows)}</p></section>`;
}
