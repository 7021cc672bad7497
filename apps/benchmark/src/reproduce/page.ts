/** `reproduce.html`: the experiment's figure and table, beside the published, and what the difference may come from. */
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { html, type Markup, raw, STYLE } from '@longtail/report/page-parts';
import { engineTitle } from '../results.ts';
import { BEYOND, differenceText, intervalOfCell, numberText } from './cell-text.ts';
import { classifierCharts } from './classifier-chart.ts';
import type { Cell, Line } from './collect.ts';
import type { Column } from './experiment.ts';
import { normCharts } from './norm-charts.ts';
import { recipeLabel } from './plan.ts';
import {
  besideText,
  intervalText,
  type ReproducedRun,
  type Reproduction,
  titleOfFound,
  variantTexts,
} from './reproduction.ts';
import { headsOf, isPublished, labelsOf } from './tables.ts';

function cellMarkup(column: Column, cell: Cell, { seeds }: { seeds: number }): Markup {
  const { values } = cell;
  const under = [
    seeds > 1 && cell.mean !== null ? values.map((value) => numberText(column, value)).join(' ') : '',
    intervalOfCell(column, cell),
  ].filter((text) => text !== '');
  const spans = under.map((text) => html`<span class="interval">${text}</span>`);
  return html`<td class="n">${numberText(column, cell.mean)}${spans}</td>`;
}

function theirs(column: Column, cell: Cell): Markup {
  if (cell.published === null) return html`<td class="n muted">–</td>`;
  return html`<td class="n muted">${numberText(column, cell.published)}<span class="interval">${differenceText(column, cell)}</span></td>`;
}

function table(found: Reproduction): Markup {
  const { experiment, lines, seeds } = found;
  const { columns } = experiment;
  const withTheirs = isPublished(lines);
  const heads = headsOf(experiment, lines).map((head) => html`<th scope="col">${head}</th>`);
  const titles = columns.map(
    ({ name }) =>
      html`<th class="n" scope="col">${name}</th>${withTheirs && html`<th class="n" scope="col">published</th>`}`,
  );
  const body = lines.map((line: Line, i) => {
    const labels = labelsOf(line, lines);
    const before = i > 0 ? labelsOf(lines[i - 1]!, lines) : [];
    // A label is named once, above the rows that it is of.
    const names = labels.map(
      (label, at) =>
        html`<th scope="row">${at < labels.length - 1 && before[at] === label ? '' : label}</th>`,
    );
    const cells = line.cells.map(
      (cell, at) =>
        html`${cellMarkup(columns[at]!, cell, { seeds: seeds.length })}${withTheirs && theirs(columns[at]!, cell)}`,
    );
    return html`<tr>${names}${cells}</tr>`;
  });
  const unit = columns.some(({ isShare }) => isShare) ? 'Accuracy in %. ' : '';
  const below = withTheirs ? ` Beside ours the published number, below it ours less that. ${BEYOND}` : '';
  return html`<p class="muted">${unit}${intervalText(found)}${below}</p><div class="scroll"><table class="scores"><thead><tr>${heads}${titles}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function differences({ reasons, beside, experiment }: Reproduction): Markup {
  const items = reasons.map(({ recipe, rows, text }) => html`<li>${recipe}, ${rows}: ${text}</li>`);
  return html`<section><h2>Beside the published numbers</h2>${beside.map((one) => html`<p>${besideText(one, experiment)}</p>`)}${items.length > 0 && html`<ul>${items}</ul>`}</section>`;
}

function runsOf({ runs, experiment }: Reproduction, out: string): Markup {
  const item = ({ folder, recipe, seed, variant, results, wasThere }: ReproducedRun): Markup => {
    const href = relative(out, folder).split(sep).map(encodeURIComponent).join('/');
    const which = experiment.variants.length > 1 ? `, ${variant || 'the run itself'}` : '';
    const name = `${recipeLabel(recipe)}, seed ${seed}${which}`;
    const isReported = existsSync(join(folder, 'report.html'));
    return html`<li>${isReported ? html`<a href="${href}/report.html">${name}</a>` : name}: ${engineTitle(results.engine)}${wasThere && ', was there'}</li>`;
  };
  return html`<section><h2>Runs</h2><ul>${runs.map(item)}</ul></section>`;
}

async function drawn(found: Reproduction): Promise<(Markup | null)[]> {
  if (found.experiment.figure === 'classifiers') return classifierCharts(found);
  return found.experiment.figure === 'norms' ? normCharts(found) : [];
}

/** @param out the folder that the page lies in */
export async function reproductionPage(found: Reproduction, { out }: { out: string }): Promise<string> {
  const { experiment, command } = found;
  const figures = await drawn(found);
  const title = titleOfFound(found);
  const variants = variantTexts(experiment).map((text) => html`<li>${text}</li>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head><body><main><h1>${title}</h1>
<p class="lead">${experiment.question}</p>
${figures.length > 0 && html`<section><h2>Figure</h2>${figures}</section>`}
<section><h2>Table</h2>${table(found)}${variants.length > 0 && html`<ul>${variants}</ul>`}</section>
${differences(found)}
${runsOf(found, out)}
<p class="muted"><code>${command}</code></p></main></body></html>
`.markup;
}
