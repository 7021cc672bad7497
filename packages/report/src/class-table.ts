/** Every class in a table that the page's script sorts and filters. */

import { rankedClasses } from './classes.ts';
import { classifierName, percent, points } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Results, Row } from './results.ts';

/** A number to sort by, beside the text that is shown; what has none comes last. */
function cell(value: number | null | undefined, text: string): Markup {
  return html`<td class="n" data-value="${value ?? ''}">${text}</td>`;
}

/** Of more classes the table is not printed. */
const MOST_PRINTED = 100;

/** @param compared rows of one representation, the joint head first */
export function classTable(results: Results, compared: readonly Row[]): Markup {
  const rows = compared.filter(({ scores }) => scores.perClass);
  const classes = rankedClasses(results);
  const { testCounts } = results;
  const lines = classes.map(({ label, name, count, group }) => {
    const values = rows.map((row) => row.scores.perClass?.[label] ?? null);
    const [first, last] = [values[0] ?? null, values.at(-1) ?? null];
    const change = first === null || last === null ? null : last - first;
    return html`<tr><th scope="row">${name}</th><td>${group}</td>${cell(count, count.toLocaleString('en'))}${testCounts && cell(testCounts[label], `${testCounts[label] ?? ''}`)}${values.map((value) => cell(value, percent(value)))}${rows.length > 1 && cell(change, change === null ? '–' : points(change))}</tr>
`;
  });
  const heads = [
    'train',
    ...(testCounts ? ['test'] : []),
    ...rows.map(({ classifier }) => `${classifierName(classifier)}`),
    ...(rows.length > 1 ? ['change'] : []),
  ];
  const caption = `Training${testCounts ? ' and test' : ''} pictures${rows.length > 0 ? ' and accuracy in %' : ''} of each class${rows[0] ? `, on ${rows[0].sampler} features` : ''}.`;
  const long = classes.length > MOST_PRINTED;
  return html`<div class="class-table${long && ' long'}"><div class="scroll" tabindex="0" role="region" aria-label="Classes">
<table class="sortable" data-filter="Find a class or group"><caption class="muted">${caption}</caption><thead><tr><th scope="col">class</th><th scope="col">group</th>${heads.map((head) => html`<th class="n" scope="col">${head}</th>`)}</tr></thead><tbody>
${lines}</tbody></table></div></div>${long && html`<p class="paper-only">The table of ${classes.length.toLocaleString('en')} classes is in the page on screen, and in its data.</p>`}`;
}
