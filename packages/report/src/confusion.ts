/** What the test pictures of each group are taken for, and the classes that are most often taken for one another. */

import { csvLink } from './csv-link.ts';
import { figure, panels } from './figure.ts';
import { classifierName, percent } from './format.ts';
import { html, type Markup } from './markup.ts';
import { image } from './picture.ts';
import { type ConfusedPair, type Confusion, GROUPS, type GroupConfusion, type Results } from './results.ts';

/** Pairs that are shown of each row. */
const MOST_PAIRS = 8;

const totalOf = ({ right, wrong }: GroupConfusion): number =>
  GROUPS.reduce((sum, group) => sum + wrong[group], right);
const share = (of: GroupConfusion, count: number): number | null =>
  totalOf(of) > 0 ? count / totalOf(of) : null;

function groupTable({ classifier, groups }: Confusion): Markup {
  const heads = ['right', ...GROUPS.map((group) => `wrong, ${group}`)];
  const lines = groups.map((of) => {
    const cells = [of.right, ...GROUPS.map((group) => of.wrong[group])].map(
      (count) => html`<td class="n">${percent(share(of, count))}</td>`,
    );
    return html`<tr><th scope="row">${of.group}</th>${cells}</tr>`;
  });
  return html`<table class="confusion"><caption>${classifierName(classifier)}: given to, %</caption><thead><tr><th scope="col">pictures of</th>${heads.map((head) => html`<th class="n" scope="col">${head}</th>`)}</tr></thead><tbody>${lines}</tbody></table>`;
}

function sentence(results: readonly Confusion[]): string {
  const texts = results.flatMap(({ classifier, groups }) => {
    const tail = groups.findLast((group) => totalOf(group) > 0);
    if (!tail) return [];
    const text = `${percent(share(tail, tail.wrong.many))} % by ${classifierName(classifier)}`;
    return [{ group: tail.group, text }];
  });
  const group = texts[0]?.group ?? 'few';
  return `Of the ${group}-shot test pictures the share that is taken for a wrong many-shot class is ${texts.map(({ text }) => text).join(' and ')}.`;
}

/** A picture of each class where there is one: training pictures, as the tail's classes are known by them. */
function pair({ dataset }: Results, { truth, prediction, count, share: of }: ConfusedPair): Markup {
  const shown = [truth, prediction].map((label) => {
    const sample = dataset.samples?.find((one) => one.label === label);
    return sample ? image(sample, dataset.classNames[label] ?? '') : null;
  });
  return html`<li>${shown}<span>${dataset.classNames[truth]} taken for ${dataset.classNames[prediction]} <span class="muted">${count} times, ${percent(of)} %</span></span></li>`;
}

function pairList(results: Results, { classifier, pairs }: Confusion): Markup | null {
  if (pairs.length === 0) return null;
  return html`<div class="panel"><p class="panel-title">Most confused by ${classifierName(classifier)}</p><ol class="pairs">${pairs.slice(0, MOST_PAIRS).map((one) => pair(results, one))}</ol></div>`;
}

/** null where it is not known of these rows. @param own of one representation, in the order of the page */
export function confusion(results: Results, own: readonly Confusion[]): Markup | null {
  if (own.length === 0) return null;
  const { classNames } = results.dataset;
  const rows = own.flatMap(({ sampler, classifier, groups }) =>
    groups.map(({ group, right, wrong }) => ({
      sampler,
      classifier,
      group,
      right,
      ...Object.fromEntries(GROUPS.map((one) => [`wrong_${one}`, wrong[one]])),
    })),
  );
  const pairRows = own.flatMap(({ sampler, classifier, pairs }) =>
    pairs.map(({ truth, prediction, count, share: of }) => ({
      sampler,
      classifier,
      truth: classNames[truth],
      prediction: classNames[prediction],
      count,
      share: of,
    })),
  );
  const lists = own.map((one) => pairList(results, one));
  return html`<section><h2>What is taken for what</h2>
${figure(panels(own.map(groupTable)), { name: 'Confusion by group', sentence: sentence(own), note: `On ${own[0]!.sampler} features; rows sum to 100 %.`, file: 'confusion-by-group', rows })}
${pairRows.length > 0 && html`<h3>The worst pairs</h3>${panels(lists)}<p class="muted">Training pictures of both classes. ${csvLink('confused-pairs', pairRows)}</p>`}</section>`;
}
