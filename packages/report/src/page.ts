/** The report: one HTML file that needs nothing else. */

import { answers } from './answers.ts';
import { caveat } from './caveat.ts';
import { accuracyByCount } from './charts/accuracy-by-count.ts';
import { classCounts } from './charts/class-counts.ts';
import { figure1 } from './charts/figure-1.ts';
import { reliability } from './charts/reliability.ts';
import { tauCurves } from './charts/tau-curves.ts';
import { trainingCurves } from './charts/training-curves.ts';
import { weightNorms } from './charts/weight-norms.ts';
import { classTable } from './class-table.ts';
import { comparisonTable } from './comparisons.ts';
import { confusion } from './confusion.ts';
import { findings } from './findings.ts';
import { classifierName, counted, duration, percent } from './format.ts';
import { making } from './making.ts';
import { html, type Markup, raw } from './markup.ts';
import { pictures } from './pictures.ts';
import { publishedTable } from './published-table.ts';
import { type Results, type Row, type RowName, trainSizeOf } from './results.ts';
import { scoreTable } from './score-table.ts';
import { SCRIPT } from './script.ts';
import { bestRow, jointRow, rebalancedRows, referenceSampler } from './selection.ts';
import { STYLE } from './style.ts';

/** The joint head and the best re-balanced one on the natural representation: what most of the page compares. */
function comparedRows(results: Results): Row[] {
  const sampler = referenceSampler(results);
  const rows = [jointRow(results, sampler), bestRow(rebalancedRows(results, sampler))];
  return rows.filter((row) => row !== undefined);
}

function ofRows<T extends RowName>(all: readonly T[] = [], rows: readonly Row[]): T[] {
  return rows.flatMap(({ sampler, classifier }) =>
    all.filter((one) => one.sampler === sampler && one.classifier === classifier),
  );
}

function summary(results: Results, rows: readonly Row[], made: Markup | null): Markup {
  const { dataset, seconds } = results;
  const [joint, best] = rows;
  const headline =
    joint && best
      ? `On ${best.sampler} features the joint head reaches ${percent(joint.scores.all)} % on all classes; ${classifierName(best.classifier)}, which changes the classifier alone, ${percent(best.scores.all)} %.`
      : '';
  const size = `${counted(trainSizeOf(dataset), 'training picture', 'training pictures')} of ${counted(dataset.classNames.length, 'class', 'classes')}, ${counted(dataset.testSize, 'test picture', 'test pictures')}`;
  return html`<p class="lead">${headline}</p><p class="muted">${dataset.name}: ${size}${seconds !== undefined && `; ${duration(seconds)}`}. ${made && html`<a href="#made">What made it</a>`}</p>`;
}

function answered(results: Results): Markup {
  const before = caveat(results);
  const items = findings(results).map(
    ({ claim, verdict, sentence }) =>
      html`<li><span class="verdict">${verdict}</span> <strong>${claim}</strong><br>${sentence}</li>`,
  );
  return html`<section><h2>The paper's finding, answered from these numbers</h2>${before && html`<p>${before}</p>`}<ul class="findings">${items}</ul></section>`;
}

async function figure2(results: Results): Promise<Markup | null> {
  const parts = [await weightNorms(results), await tauCurves(results)];
  if (parts.every((part) => part === null)) return null;
  return html`<section><h2>Figure 2: what re-balancing does to the weights</h2>${parts}</section>`;
}

async function theClasses(results: Results, rows: readonly Row[]): Promise<Markup> {
  return html`<section><h2>The classes</h2><div class="panels">${[await classCounts(results), await accuracyByCount(results, rows)]}</div>${classTable(results, rows)}</section>`;
}

/** Nothing from elsewhere, whatever the page holds. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * @param results what a run found
 * @returns the whole HTML file; text from the results comes out escaped
 * @example
 * await writeWhole('report.html', await reportHtml(results));
 */
export async function reportHtml(results: Results): Promise<string> {
  const rows = comparedRows(results);
  const compared = rows.length > 0 ? rows : results.rows.slice(0, 1);
  const title = `${results.name}: representation and classifier, decoupled`;
  const made = making(results);
  const sections = [
    answered(results),
    scoreTable(results),
    comparisonTable(results),
    publishedTable(results),
    await figure1(results),
    await figure2(results),
    await theClasses(results, compared),
    confusion(results, ofRows(results.confusions, compared)),
    await reliability(results, ofRows(results.reliability, compared)),
    await trainingCurves(results),
    answers(results, compared),
    pictures(results),
    made,
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title><style>${raw(STYLE)}</style></head><body>
<main><h1>${title}</h1>${summary(results, rows, made)}
${sections}
</main><script>${raw(SCRIPT)}</script></body></html>
`.markup;
}
