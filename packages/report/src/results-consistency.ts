/** What the parts of results owe to one another, which a schema cannot say: numbers beside which others would be misread. */
import type * as z from 'zod';
import { GROUPS, type ReportedDataset, type Results, type RowName, type SamplePicture } from './results.ts';

type Refinement = Pick<z.RefinementCtx, 'addIssue'>;
type Path = readonly (string | number)[];
type Refuse = (path: Path, message: string) => void;

const refuseBy =
  ({ addIssue }: Refinement): Refuse =>
  (path, message) =>
    addIssue({ code: 'custom', path: [...path], message });

/** Everything of C: a count a name, a group a class. */
export function eachClassOnce(
  { classNames, trainCounts, groups, samples = [] }: ReportedDataset,
  context: Refinement,
): void {
  const refuse = refuseBy(context);
  const numClasses = classNames.length;
  if (trainCounts.length !== numClasses)
    refuse(
      ['trainCounts'],
      `expected as many counts as classes, ${numClasses}, but got ${trainCounts.length}`,
    );
  const times = new Uint32Array(numClasses);
  for (const group of GROUPS)
    for (const [i, label] of groups[group].entries()) {
      expectLabel(label, numClasses, ['groups', group, i], refuse);
      if (label < numClasses) times[label]!++;
    }
  const wrong = times.findIndex((count) => count !== 1);
  if (wrong >= 0) refuse(['groups'], `expected each label in one group, but ${wrong} is in ${times[wrong]}`);
  for (const [i, sample] of samples.entries()) expectPicture(sample, numClasses, ['samples', i], refuse);
}

function expectLabel(label: number, numClasses: number, path: Path, refuse: Refuse): void {
  if (label >= numClasses) refuse(path, `expected a label below ${numClasses}, but got ${label}`);
}

/** Three bytes a pixel are four signs of base64, and never padded. */
function expectPicture(
  { label, height, width, rgb }: SamplePicture,
  numClasses: number,
  path: Path,
  refuse: Refuse,
): void {
  expectLabel(label, numClasses, [...path, 'label'], refuse);
  const pixels = height * width;
  if (pixels === 0 || rgb.length !== 4 * pixels || !/^[A-Za-z0-9+/]*$/.test(rgb))
    refuse(
      [...path, 'rgb'],
      `expected the RGB bytes of ${height} x ${width} pixels in base64, ${4 * pixels} signs, but got ${rgb.length}`,
    );
}

/** The shape [C] of what is by class, beside which any other would be taken for another set's. */
function ofAllClasses({ dataset, rows, weightNorms = [], testCounts }: Results, refuse: Refuse): void {
  const numClasses = dataset.classNames.length;
  const expectAll = (values: readonly unknown[], path: Path) => {
    if (values.length !== numClasses)
      refuse(path, `expected a value for each of ${numClasses} classes, but got ${values.length}`);
  };
  for (const [i, { scores }] of rows.entries())
    if (scores.perClass) expectAll(scores.perClass, ['rows', i, 'scores', 'perClass']);
  for (const [i, { norms }] of weightNorms.entries())
    if (norms.length > 0) expectAll(norms, ['weightNorms', i, 'norms']);
  if (testCounts) expectAll(testCounts, ['testCounts']);
}

/** A row is named by its sampler and classifier, by which everything else refers to it. */
function eachRowOnce({ rows, dataset }: Results, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [i, { sampler, classifier, scores }] of rows.entries()) {
    const name = JSON.stringify([sampler, classifier]);
    if (seen.has(name))
      refuse(['rows', i], `expected each row once, but ${classifier} on ${sampler} is there again`);
    seen.add(name);
    for (const group of GROUPS)
      if (scores[group] !== null && dataset.groups[group].length === 0)
        refuse(
          ['rows', i, 'scores', group],
          `expected null of a group without classes, but got ${scores[group]}`,
        );
    for (const [column, [low, high]] of Object.entries(scores.intervals ?? {}))
      if (low > high)
        refuse(
          ['rows', i, 'scores', 'intervals', column],
          `expected an interval from low to high, but got ${low} to ${high}`,
        );
  }
}

/** A verdict is read without its difference, and an interval without its ends. */
function comparisonsAgree({ rows, comparisons = [] }: Results, refuse: Refuse): void {
  const has = (one: RowName) =>
    rows.some(({ sampler, classifier }) => sampler === one.sampler && classifier === one.classifier);
  for (const [i, { first, second, difference, low, high, verdict }] of comparisons.entries()) {
    const missing = [first, second].find((one) => !has(one));
    if (missing)
      refuse(
        ['comparisons', i],
        `expected two of the rows, but ${missing.classifier} on ${missing.sampler} is none`,
      );
    if (low > high)
      refuse(['comparisons', i, 'low'], `expected an interval from low to high, but got ${low} to ${high}`);
    const isBorne = verdict === 'undecided' || (verdict === 'better' ? difference > 0 : difference < 0);
    if (!isBorne)
      refuse(
        ['comparisons', i, 'verdict'],
        `expected a verdict of the difference's sign, but got ${verdict} of ${difference}`,
      );
  }
}

function labelsOfClasses({ dataset, confusions = [], answers = [] }: Results, refuse: Refuse): void {
  const numClasses = dataset.classNames.length;
  for (const [i, { pairs }] of confusions.entries())
    for (const [j, pair] of pairs.entries())
      for (const end of ['truth', 'prediction'] as const)
        expectLabel(pair[end], numClasses, ['confusions', i, 'pairs', j, end], refuse);
  for (const [i, picture] of answers.entries()) {
    expectPicture(picture, numClasses, ['answers', i], refuse);
    for (const [j, { prediction }] of picture.answers.entries())
      expectLabel(prediction, numClasses, ['answers', i, 'answers', j, 'prediction'], refuse);
  }
}

export function consistent(results: Results, context: Refinement): void {
  const refuse = refuseBy(context);
  for (const check of [ofAllClasses, eachRowOnce, comparisonsAgree, labelsOfClasses]) check(results, refuse);
}
