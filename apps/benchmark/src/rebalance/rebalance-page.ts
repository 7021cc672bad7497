/** `longtail rebalance --report`: one HTML file that needs nothing else. Bars and intervals are drawn here, in the page's own colours. */
import { extent } from '@longtail/core';
import { html, type Markup, raw, STYLE } from '@longtail/report/page-parts';
import { percent, points } from '@longtail/report/results';
import { engineTitle } from '../results.ts';
import type { Entry } from './leaderboard.ts';
import type { Rebalanced } from './rebalance.ts';
import type { About } from './rebalance-report.ts';

const GROUPS = ['many', 'medium', 'few'] as const;
const MOST_ROWS = 50;

const count = (n: number): string => n.toLocaleString('en');
const cells = (values: readonly (string | Markup)[]): Markup =>
  html`${values.map((one) => html`<td class="n" style="white-space:nowrap">${one}</td>`)}`;

function table(head: readonly string[], lines: readonly Markup[]): Markup {
  const titles = head.map((name, i) => html`<th class="${i === 0 ? '' : 'n'}" scope="col">${name}</th>`);
  return html`<div class="scroll"><table><thead><tr>${titles}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

/** An interval, with a dot for each seed, on the scale of all. */
function interval(
  { interval: { low, high }, scores, seeds }: Entry,
  metric: 'all' | 'meanOfClasses',
  [least, most]: readonly [number, number],
): Markup {
  const x = (value: number): string => (4 + (152 * (value - least)) / (most - least || 1)).toFixed(1);
  const dots = seeds.map(
    (one) => html`<circle cx="${x(one.scores[metric])}" cy="8" r="2" fill="var(--ink)"/>`,
  );
  return html`<svg viewBox="0 0 160 16" style="width:10rem" role="img" aria-label="${percent(scores[metric])} %, ${percent(low)} to ${percent(high)}">
<line x1="2" x2="158" y1="8" y2="8" stroke="var(--line)"/><line x1="${x(low)}" x2="${x(high)}" y1="8" y2="8" stroke="var(--accent)" stroke-width="4"/>${dots}</svg>`;
}

function leaderboard({ board: { entries, metric }, recommended }: Rebalanced): Markup {
  const scale = extent(entries.flatMap(({ interval: { low, high } }) => [low, high]));
  const lines = entries.map((entry) => {
    const { scores, interval: own, comparison, ece, name, note } = entry;
    const [low, high] = [own.low, own.high].map(percent);
    const against =
      name === 'logistic'
        ? '–'
        : `${points(comparison.difference)} (${points(comparison.low)} to ${points(comparison.high)})`;
    return html`<tr><td title="${note}">${name}${name === recommended.head && ' *'}</td>${cells([percent(scores[metric]), `${low} to ${high}`, interval(entry, metric, scale), against, name === 'logistic' ? '–' : comparison.verdict, percent(scores.all), percent(entry.worstClass), percent(ece)])}</tr>`;
  });
  const name = metric === 'all' ? 'accuracy' : 'balanced accuracy';
  return html`<section><h2>Leaderboard, %</h2>${table(['head', name, '95 %', `${percent(scale[0])} to ${percent(scale[1])}`, 'points to logistic, 95 %', 'verdict', 'all rows', 'worst class', 'ECE'], lines)}<p>* ${recommended.why}</p></section>`;
}

function bars({ board: { entries } }: Rebalanced): Markup {
  const groups = GROUPS.filter((group) => entries.some(({ scores }) => scores[group] !== null));
  const bar = (value: number | null, group: string): Markup =>
    html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" style="width:8rem;height:.6rem" aria-hidden="true"><rect width="100" height="8" fill="var(--line)"/><rect width="${(100 * (value ?? 0)).toFixed(1)}" height="8" fill="var(--${group})"/></svg> ${percent(value)}`;
  const lines = entries.map(
    ({ name, scores }) =>
      html`<tr><td>${name}</td>${cells(groups.map((group) => bar(scores[group], group)))}</tr>`,
  );
  return html`<section><h2>Groups, %</h2>${table(['head', ...groups], lines)}</section>`;
}

function settings({ board: { entries, selection, leftOut } }: Rebalanced): Markup {
  const text = ({ settings: all }: Entry): string =>
    all
      .map((one) =>
        Object.entries(one)
          .map(([key, value]) => `${key} ${+value.toPrecision(4)}`)
          .join(', '),
      )
      .join(' / ');
  const lines = entries.map(
    (entry) =>
      html`<tr><td>${entry.name}</td><td>${text(entry)}</td><td>${entry.select}${entry.selectReason !== selection.reason && `: ${entry.selectReason}`}</td></tr>`,
  );
  const out = leftOut.map(({ name, reason }) => html`<li>${name}: ${reason}</li>`);
  return html`<section><h2>Hyper-parameters</h2><p>${selection.isWarning && 'Warning: '}${selection.reason}</p>${table(['head', 'settings', 'how'], lines)}${out.length > 0 && html`<h3>Left out</h3><ul>${out}</ul>`}</section>`;
}

function audit({ notes, suspects }: Rebalanced): Markup {
  const labels = suspects?.labels
    .slice(0, MOST_ROWS)
    .map(
      ({ part, row, label, likely, ofLabel, ofLikely }) =>
        html`<tr><td>${part} ${row}</td>${cells([label, likely, percent(ofLabel), percent(ofLikely)])}</tr>`,
    );
  const far = suspects?.far
    .slice(0, MOST_ROWS)
    .map(
      ({ part, row, label, distance, beyond }) =>
        html`<tr><td>${part} ${row}</td>${cells([label, distance.toFixed(2), beyond.toFixed(2)])}</tr>`,
    );
  return html`<section><h2>Audit</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>
${labels && labels.length > 0 && html`<h3>Labels to look at, the surest ${labels.length}</h3>${table(['row', 'label', 'likely', 'p of label, %', 'p of likely, %'], labels)}`}
${far && far.length > 0 && html`<h3>Outliers, the farthest ${far.length}</h3>${table(['row', 'label', 'distance', 'fence'], far)}`}</section>`;
}

function slices({ slices: all, board: { entries } }: Rebalanced): Markup | false {
  if (all.length === 0) return false;
  const names = entries.map(({ name }) => name);
  const lines = all.map(
    ({ column, value, rows, isSmall, accuracy }) =>
      html`<tr><td>${column} = ${value}</td>${cells([`${count(rows)}${isSmall ? ' !' : ''}`, ...names.map((name) => percent(accuracy[name]))])}</tr>`,
  );
  return html`<section><h2>Slices, % of rows</h2>${table(['slice', 'rows', ...names], lines)}<p class="muted">! fewer than 30 rows</p></section>`;
}

/** @returns the whole file; text comes out escaped */
export function rebalancePage(found: Rebalanced, about: About): string {
  const { parts, board } = found;
  const { train, classNames } = parts;
  const title = `${count(train.labels.length)} rows, ${count(classNames.length)} classes: which head`;
  const { scores } = board.entries[0]!;
  const how = `${count(board.testedRows)} rows tested${board.testedOn === 'folds' ? ', each by one of 5 folds' : ''} · groups ${scores.groupRule} · features ${about.featuresFrom} · prior ${about.prior} · seed ${about.seed}${about.seeds > 1 ? ` to ${about.seed + about.seeds - 1}` : ''} · ${engineTitle(about.engine)} · ${about.seconds.toFixed(1)} s`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head><body><main><h1>${title}</h1>
<p class="muted">${how}</p>
${[leaderboard(found), bars(found), slices(found), settings(found), audit(found)]}
<p class="muted"><code>${about.command}</code></p></main></body></html>
`.markup;
}
