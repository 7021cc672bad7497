/** Published numbers beside these, with the difference and what makes them hard to compare. */

import { isCutShort } from './caveat.ts';
import { rankedClasses } from './classes.ts';
import { csvLink } from './csv-link.ts';
import { classifierName, percent, points } from './format.ts';
import { html, type Markup } from './markup.ts';
import { PUBLISHED, type Published } from './published.ts';
import type { Results } from './results.ts';
import { SCORE_COLUMNS } from './selection.ts';

/** Of the same set; where it comes in several imbalances, of the same one; of the same recipe, if there are such. */
function publishedFor(results: Results): Published | undefined {
  const [most, least] = [rankedClasses(results)[0], rankedClasses(results).at(-1)];
  const imbalance = (most?.count ?? 0) / Math.max(least?.count ?? 1, 1);
  const ofSet = PUBLISHED.filter(
    (one) =>
      results.dataset.name.split('/')[0] === one.set &&
      (one.imbalance === undefined || Math.abs(imbalance - one.imbalance) < 1),
  );
  return ofSet.find(({ recipe }) => recipe !== undefined && recipe === results.recipe) ?? ofSet[0];
}

/** Of every published row. */
const THEIRS = { loss: 'cross-entropy', groupRule: 'official' } as const;

const groupRuleOf = ({ protocol, rows }: Results): string | undefined =>
  protocol?.groupRule ?? rows[0]?.scores.groupRule;

/** What says that it differs; what does not say how it was made is taken as made alike. */
const hasTheirGroups = (results: Results): boolean =>
  (groupRuleOf(results) ?? THEIRS.groupRule) === THEIRS.groupRule;

/** Sentences on what else than the network is otherwise here; '' for nothing. */
function otherwise(results: Results): string {
  const { loss = THEIRS.loss } = results.protocol ?? {};
  return [
    loss === THEIRS.loss ? '' : ` The loss here is ${loss}, theirs ${THEIRS.loss}.`,
    hasTheirGroups(results)
      ? ''
      : ` Groups here are by the rule ${groupRuleOf(results)}, theirs by ${THEIRS.groupRule}, so those columns are not compared.`,
    isCutShort(results) ? ' This run is cut short.' : '',
  ].join('');
}

/** null where the papers have no number of this set. */
export function publishedTable(results: Results): Markup | null {
  const published = publishedFor(results);
  const pairs = (published?.rows ?? []).flatMap(([sampler, classifier, ...theirs]) => {
    const row = results.rows.find((one) => one.sampler === sampler && one.classifier === classifier);
    const comparable = theirs.map((value, i) =>
      SCORE_COLUMNS[i] === 'all' || hasTheirGroups(results) ? value : null,
    );
    return row ? [{ row, theirs: comparable }] : [];
  });
  if (!published || pairs.length === 0) return null;
  const lines = pairs.map(({ row, theirs }) => {
    const cells = SCORE_COLUMNS.map((column, i) => {
      const [ours, their] = [row.scores[column], theirs[i] ?? null];
      if (ours === null || their === null) return html`<td class="n">–</td>`;
      return html`<td class="n">${percent(ours)}<span class="interval">${their.toFixed(1)}</span><span class="interval">${points(ours - their / 100)}</span></td>`;
    });
    return html`<tr><th scope="row">${classifierName(row.classifier)}<span class="interval">${row.sampler}</span></th>${cells}</tr>`;
  });
  const head = SCORE_COLUMNS.map((column) => html`<th class="n" scope="col">${column}</th>`);
  const data = pairs.flatMap(({ row, theirs }) =>
    SCORE_COLUMNS.map((column, i) => ({
      sampler: row.sampler,
      classifier: row.classifier,
      column,
      ours: row.scores[column],
      published: theirs[i] == null ? null : theirs[i] / 100,
    })),
  );
  return html`<section><h2>Beside published numbers</h2>
<table class="scores"><caption class="muted">Here, %; below it ${published.source}, and the difference in points.</caption><thead><tr><th scope="col">classifier</th>${head}</tr></thead><tbody>${lines}</tbody></table>
<p class="muted">Theirs: ${published.conditions}. Another network, number of epochs, decoder of pictures or seed moves these numbers by points, so a difference is not the method's.${otherwise(results)} ${csvLink('published', data)}</p></section>`;
}
