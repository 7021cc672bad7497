/**
 * Rows whose label is likely wrong: confident learning (Northcutt, Jiang & Chuang, JAIR 2021, section 3.1). Of probabilities p of plain
 * logistic regression that was not fitted on the row,
 *   t_j = the mean of p_j over training rows of class j
 *   a row of class y is of class k = argmax { p_j : p_j >= t_j } instead, where k is not y
 * The thresholds are of each class, so a rare class, of which the head is seldom sure, has a low one. Two conditions are ours, because the
 * hard rows of a long tail look like wrong ones: p_y < t_y / 10, and k is the nearest class mean, too, which knows no prior. Rows
 * of a class of fewer than five rows are not judged, and none is said to be of one.
 */
import { extent } from '@longtail/core';
import { type Head, logisticRegression, ncm } from '@longtail/heads';
import { argmax } from '@longtail/metrics';
import * as tf from '@tensorflow/tfjs-core';
import type { KnownParts } from './known-classes.ts';
import { type Part, tensorOf } from './part.ts';
import type { PartName } from './read-parts.ts';
import type { FeaturesFrom } from './selection.ts';
import { stratifiedFolds } from './stratified-folds.ts';

export interface WrongLabel {
  readonly part: PartName;
  /** Of its file, from 0. */
  readonly row: number;
  readonly label: string;
  readonly likely: string;
  /** The probability of its label, and of the likely one. */
  readonly ofLabel: number;
  readonly ofLikely: number;
}

/** In a sentence, for whoever reads the rows. */
export const WRONG_LABEL_RULE =
  'wrong labels: confident learning (Northcutt et al., JAIR 2021) by logistic regression that was not fitted on the row, where the label has less than a tenth of its class’s mean probability and the nearest class mean agrees.';

const LEAST_ROWS = 5;
const FOLDS = 3;
const SHARE = 0.1;
/** Thresholds change little by it. */
const ROUGH = 1e-3;

interface Scored {
  readonly part: Part;
  /** [N, C] */
  readonly probabilities: Float32Array;
  /** The nearest class mean, [N]. */
  readonly nearest: Int32Array;
}

/** @param held rows that are not among those of `fit` */
async function scoreRows(fit: Part, held: readonly Part[], numClasses: number): Promise<Scored[]> {
  const features = tensorOf(fit);
  const heads: Head[] = [];
  try {
    heads.push(ncm(features, fit.labels, { numClasses }));
    heads.push(await logisticRegression(features, fit.labels, { numClasses, tolerance: ROUGH }));
    return held.map((part) => {
      const rows = tensorOf(part);
      const [means, probabilities] = tf.tidy(() => [
        heads[0]!.logits(rows),
        tf.softmax(heads[1]!.logits(rows)),
      ]) as [tf.Tensor2D, tf.Tensor2D];
      const nearest = argmax(means.dataSync(), { numClasses });
      const scored = { part, nearest, probabilities: probabilities.dataSync<'float32'>().slice() };
      tf.dispose([rows, means, probabilities]);
      return scored;
    });
  } finally {
    features.dispose();
    for (const head of heads) head.dispose();
  }
}

/** t of each class; Infinity where rows are too few to tell. */
function thresholdsOf(scored: readonly Scored[], numClasses: number): Float64Array {
  const [sums, rows] = [new Float64Array(numClasses), new Int32Array(numClasses)];
  for (const { part, probabilities } of scored)
    part.labels.forEach((label, i) => {
      sums[label]! += probabilities[i * numClasses + label]!;
      rows[label]! += 1;
    });
  return sums.map((sum, c) => (rows[c]! < LEAST_ROWS ? Number.POSITIVE_INFINITY : sum / rows[c]!));
}

function suspects(
  name: PartName,
  { part, probabilities, nearest }: Scored,
  t: Float64Array,
  names: readonly string[],
): WrongLabel[] {
  return Array.from(part.labels).flatMap((label, i) => {
    const own = probabilities.subarray(i * t.length, (i + 1) * t.length);
    if (!(own[label]! < SHARE * t[label]!) || t[label] === Number.POSITIVE_INFINITY) return [];
    const [most] = [extent([-1, ...own.filter((p, c) => p >= t[c]!)])[1]];
    const likely = own.indexOf(most);
    if (most < 0 || likely === label || likely !== nearest[i]) return [];
    const found = { part: name, row: part.places[i]!, label: names[label]!, likely: names[likely]! };
    return [{ ...found, ofLabel: own[label]!, ofLikely: most }];
  });
}

/** Each row of a class of two or more, by what was fitted on the other folds. */
async function outOfFold(
  part: Part,
  { seed, numClasses }: { seed: number; numClasses: number },
): Promise<Scored[]> {
  const all: Scored[] = [];
  for (const { fit, held } of stratifiedFolds(part, { folds: FOLDS, seed, numClasses }))
    for (const scored of await scoreRows(fit, [held], numClasses)) all.push(scored);
  return all;
}

/**
 * Rows of validation and test are scored by what is fitted on the training rows; where the backbone was trained on those, by folds of
 * their own, because its mistakes on new rows look like their wrong labels.
 *
 * @returns the surest first
 */
export async function wrongLabels(
  { train, validation, test, classNames }: KnownParts,
  { seed, featuresFrom }: { seed: number; featuresFrom: FeaturesFrom },
): Promise<WrongLabel[]> {
  const numClasses = classNames.length;
  const ofTrain = await outOfFold(train, { seed, numClasses });
  const t = thresholdsOf(ofTrain, numClasses);
  const found = ofTrain.flatMap((one) => suspects('train', one, t, classNames));
  for (const [name, part] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (!part) continue;
    const isOwn = featuresFrom === 'trained';
    const scored = isOwn
      ? await outOfFold(part, { seed, numClasses })
      : await scoreRows(train, [part], numClasses);
    const own = isOwn ? thresholdsOf(scored, numClasses) : t;
    for (const one of scored) for (const row of suspects(name, one, own, classNames)) found.push(row);
  }
  return found.sort((a, b) => a.ofLabel / a.ofLikely - b.ofLabel / b.ofLikely);
}
