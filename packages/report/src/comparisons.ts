/** Rows against one another on the same test pictures: differences with their intervals, and which of them are decided. */

import { csvLink } from './csv-link.ts';
import { classifierName, points } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Comparison, Measured, Results } from './results.ts';

/** `cRT`, with its representation where the other one has another, and the group where that is compared. */
function nameOf({ sampler, classifier, column }: Measured, other: Measured): string {
  const on = sampler === other.sampler ? '' : `, ${sampler}`;
  const of = column === other.column ? '' : `, ${column}`;
  return `${classifierName(classifier)}${on}${of}`;
}

function line(one: Comparison): Markup {
  const { first, second, difference, low, high, adjusted, verdict, question } = one;
  return html`<tr><th scope="row">${nameOf(first, second)} − ${nameOf(second, first)}<span class="interval">${question}</span></th><td>${first.column === second.column ? first.column : 'gap'}</td><td class="n" data-value="${difference}">${points(difference)}<span class="interval">${points(low)} to ${points(high)}</span></td><td class="n" data-value="${adjusted}">${adjusted < 0.001 ? '<0.001' : adjusted.toFixed(3)}</td><td>${verdict}</td></tr>
`;
}

/** null where nobody has compared them. */
export function comparisonTable({ comparisons = [] }: Results): Markup | null {
  if (comparisons.length === 0) return null;
  const decided = comparisons.filter(({ verdict }) => verdict !== 'undecided').length;
  const rows = comparisons.map(({ first, second, question, ...numbers }) => ({
    question,
    first: `${first.classifier} on ${first.sampler}, ${first.column}`,
    second: `${second.classifier} on ${second.sampler}, ${second.column}`,
    ...numbers,
  }));
  const heads = [
    ['difference', 'n'],
    ['p', 'n'],
    ['verdict', ''],
  ].map(([head, kind]) => html`<th class="${kind}" scope="col">${head}</th>`);
  return html`<section><h2>Compared on the same test pictures</h2>
<p>Of ${comparisons.length} comparisons ${decided} are decided.</p>
<div class="class-table${comparisons.length > 40 && ' long'}"><div class="scroll" tabindex="0" role="region" aria-label="Comparisons"><table class="sortable" data-filter="Find a classifier or group"><caption class="muted">Differences in points, paired by test picture, with their intervals; p-values are adjusted over the comparisons of one question.</caption><thead><tr><th scope="col">comparison</th><th scope="col">group</th>${heads}</tr></thead><tbody>
${comparisons.map(line)}</tbody></table></div></div><p class="muted">${csvLink('comparisons', rows)}</p></section>`;
}
