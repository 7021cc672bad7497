/** The report: one HTML file that needs nothing else. */
import { engineTitle, type Results, type Row } from '../results.ts';
import { GROUP_COLORS, legend } from './chart.ts';
import { ACCURACY_COLORS, classAccuracy } from './charts/class-accuracy.ts';
import { classCounts } from './charts/class-counts.ts';
import { figure1 } from './charts/figure-1.ts';
import { figure2 } from './charts/figure-2.ts';
import { trainingCurves } from './charts/training-curves.ts';
import { findings } from './findings.ts';
import { chosenText, classifierName, counted, duration, percent } from './format.ts';
import { html, type Markup, raw } from './markup.ts';
import { pictures } from './pictures.ts';
import { protocolItems } from './score-table.ts';
import {
  bestOfColumn,
  bestRow,
  jointRow,
  rebalancedRows,
  referenceSampler,
  SCORE_COLUMNS,
  samplersOf,
} from './selection.ts';
import { STYLE } from './style.ts';

function summary(results: Results): Markup {
  const { dataset, seconds } = results;
  const sampler = referenceSampler(results);
  const [joint, best] = [jointRow(results, sampler), bestRow(rebalancedRows(results, sampler))];
  const headline =
    joint && best
      ? `On ${sampler} features the joint head reaches ${percent(joint.scores.all)} % on all classes; ${classifierName(best.classifier)}, which changes the classifier alone, ${percent(best.scores.all)} %.`
      : '';
  const size = `${counted(dataset.trainSize, 'training picture', 'training pictures')} of ${counted(dataset.classNames.length, 'class', 'classes')}, ${counted(dataset.testSize, 'test picture', 'test pictures')}`;
  return html`<p class="lead">${headline}</p><p class="muted">${dataset.name}: ${size}; ${duration(seconds)}.</p>`;
}

function table(results: Results): Markup {
  const best = SCORE_COLUMNS.map((column) => bestOfColumn(results, column));
  const line = (row: Row) => {
    const cells = SCORE_COLUMNS.map((column, i) => {
      const value = row.scores[column];
      return html`<td class="${value !== null && value === best[i] ? 'n best' : 'n'}">${percent(value)}</td>`;
    });
    return html`<tr><td>${classifierName(row.classifier)} <span class="muted">${chosenText(row.chosen)}</span></td>${cells}</tr>`;
  };
  const groups = samplersOf(results).map(
    (sampler) =>
      html`<tbody><tr><th scope="rowgroup" colspan="5">${sampler}</th></tr>${results.rows.filter((row) => row.sampler === sampler).map(line)}</tbody>`,
  );
  const head = SCORE_COLUMNS.map((column) => html`<th class="n" scope="col">${column}</th>`);
  return html`<section><h2>Accuracy, %</h2>
<div class="scroll"><table><thead><tr><th scope="col">representation / classifier</th>${head}</tr></thead>${groups}</table></div>
<p class="muted">${protocolItems(results).join(' · ')}</p></section>`;
}

async function longTail(results: Results): Promise<Markup> {
  const sampler = referenceSampler(results);
  const [joint, best] = [jointRow(results, sampler), bestRow(rebalancedRows(results, sampler))];
  const accuracy = joint && best ? await classAccuracy(results, joint, best) : null;
  const groups = Object.entries(GROUP_COLORS).map(([name, color]) => ({
    name: `${name}-shot`,
    color,
    sign: '■',
  }));
  const heads = accuracy
    ? [joint!, best!].map(({ classifier }, i) => ({
        name: classifierName(classifier),
        color: Object.values(ACCURACY_COLORS)[i]!,
        sign: '●',
      }))
    : [];
  return html`<section><h2>The long tail</h2>${legend([...groups, ...heads])}<div class="charts">${[await classCounts(results), accuracy]}</div></section>`;
}

function making({ command, options, seed, engine }: Results): Markup {
  const rows = { ...options, seed, engine: engineTitle(engine) };
  const terms = Object.entries(rows).map(([name, value]) => html`<dt>${name}</dt><dd>${String(value)}</dd>`);
  return html`<section><h2>How it was made</h2><p><code>${command}</code></p><dl>${terms}</dl></section>`;
}

/**
 * @param results what a run found
 * @returns the whole HTML file; text from the results comes out escaped
 * @example
 * await writeWhole('report.html', await reportHtml(results));
 */
export async function reportHtml(results: Results): Promise<string> {
  const answers = findings(results).map(
    ({ claim, verdict, sentence }) =>
      html`<li><span class="verdict">${verdict}</span><strong>${claim}</strong><br>${sentence}</li>`,
  );
  const title = `${results.recipe}: representation and classifier, decoupled`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head><body>
<main><h1>${title}</h1>${summary(results)}
<section><h2>The paper's finding, answered from these numbers</h2><ul class="findings">${answers}</ul></section>
${[table(results), await figure1(results), await longTail(results), await figure2(results), await trainingCurves(results), pictures(results), making(results)]}
</main></body></html>
`.markup;
}
