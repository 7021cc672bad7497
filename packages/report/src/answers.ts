/** Few-shot test pictures with what two rows took them for: those that re-balancing corrected, both had right, neither. */

import { csvLink } from './csv-link.ts';
import { classifierName, counted } from './format.ts';
import { html, type Markup } from './markup.ts';
import { image } from './picture.ts';
import type { AnsweredPicture, Results, Row } from './results.ts';

/** Pictures that are shown of each kind. */
const MOST_OF_A_KIND = 12;

interface Answered {
  readonly picture: AnsweredPicture;
  /** What each row took it for. */
  readonly given: readonly number[];
}

const KINDS = [
  { title: 'Corrected', holds: (first: boolean, second: boolean) => !first && second },
  { title: 'Right by both', holds: (first: boolean, second: boolean) => first && second },
  { title: 'Lost', holds: (first: boolean, second: boolean) => first && !second },
  { title: 'Wrong by both', holds: (first: boolean, second: boolean) => !first && !second },
] as const;

function answered(picture: AnsweredPicture, rows: readonly Row[]): Answered[] {
  const given = rows.map(
    ({ sampler, classifier }) =>
      picture.answers.find((one) => one.sampler === sampler && one.classifier === classifier)?.prediction,
  );
  return given.every((one) => one !== undefined) ? [{ picture, given }] : [];
}

function example({ picture, given }: Answered, rows: readonly Row[], names: readonly string[]): Markup {
  const name = names[picture.label] ?? '';
  const lines = given.map((prediction, i) => {
    const right = prediction === picture.label;
    return html`<br>${classifierName(rows[i]!.classifier)} ${right ? '✓ right' : html`✗ ${names[prediction]}`}`;
  });
  return html`<li>${image(picture, name)}<span><strong>${name}</strong>${lines}</span></li>`;
}

/** null where there are none. @param rows the joint head and another one on the same features */
export function answers(results: Results, rows: readonly Row[]): Markup | null {
  const { classNames, groups } = results.dataset;
  const few = new Set(groups.few);
  const found = (results.answers ?? [])
    .filter(({ label }) => few.has(label))
    .flatMap((picture) => answered(picture, rows));
  if (rows.length !== 2 || found.length === 0) return null;
  const kinds = KINDS.flatMap(({ title, holds }) => {
    const own = found.filter(({ picture: { label }, given }) =>
      holds(given[0] === label, given[1] === label),
    );
    return own.length > 0 ? [{ title, own }] : [];
  });
  const lists = kinds.map(
    ({ title, own }) =>
      html`<div class="panel"><h3>${title} <span class="muted">${own.length}</span></h3><ul class="pairs">${own.slice(0, MOST_OF_A_KIND).map((one) => example(one, rows, classNames))}</ul></div>`,
  );
  const [joint, other] = rows.map(({ classifier }) => classifierName(classifier));
  const rightBy = (i: number) => found.filter(({ picture, given }) => given[i] === picture.label).length;
  const data = found.map(({ picture, given }) => ({
    class: classNames[picture.label],
    ...Object.fromEntries(rows.map(({ classifier }, i) => [classifier, classNames[given[i]!]])),
  }));
  return html`<section><h2>Few-shot test pictures</h2>
<p>Of ${counted(found.length, 'few-shot test picture', 'few-shot test pictures')}, the first of each class, ${joint} has ${rightBy(0)} right and ${other} ${rightBy(1)}.</p>
<div class="panels">${lists}</div><p class="muted">On ${rows[0]!.sampler} features. ${csvLink('few-shot-pictures', data)}</p></section>`;
}
