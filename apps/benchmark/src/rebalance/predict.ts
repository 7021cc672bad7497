/** `longtail predict`: what a saved head says of new rows. */
import { readFile } from 'node:fs/promises';
import { DataError, UsageError } from '@longtail/core';
import { type Classifier, decodeClassifier, estimatePrior, type TargetPrior } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { Thresholds } from './conformal-thresholds.ts';
import { eachProbabilities } from './held-out-predictions.ts';
import { priorOf } from './prior-option.ts';
import { allRows, openLike } from './read-rows.ts';
import { encodePredictions, type Predictions } from './write-predictions.ts';

export interface PredictOptions {
  readonly prior?: string | undefined;
  /** alpha. */
  readonly sets?: string | undefined;
  /** csv, parquet, npy. */
  readonly format: string;
}

interface NewRows {
  readonly values: Float32Array;
  readonly dim: number;
}

/** The width of what the classifier takes. */
const widthOf = ({ transform, head }: Classifier): number => {
  const [first] = transform.flatMap((step) => ('values' in step ? [step] : []));
  return first === undefined ? head.featureDim : 'shape' in first ? first.shape[0] : first.values.length;
};

async function readNew(path: string, made: Classifier, head: string): Promise<NewRows> {
  const columns = made.made.columns as readonly string[] | undefined;
  const opened = await openLike(path, columns, columns && { labels: false }); // what is to be predicted may be there, and empty
  try {
    const { dim } = opened;
    if (dim !== widthOf(made))
      throw new DataError(
        `expected ${widthOf(made)} numbers a row, as ${head} was fitted on, but ${path} has ${dim}; take features of the same backbone.`,
      );
    const values = await allRows(opened);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return { values, dim };
    throw new DataError(
      `expected finite features in ${path}, but row ${Math.floor(bad / dim)} (from 0) holds ${values[bad]}; mend or leave out that row.`,
    );
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

/** The threshold of 1 - p. @throws UsageError where there is none */
function thresholdOf(
  { made }: Classifier,
  { sets, prior, format }: PredictOptions,
  head: string,
): number | undefined {
  if (sets === undefined) return undefined;
  const { thresholds } = (made.conformal ?? {}) as Partial<Thresholds>;
  const at = Math.round(Number(sets) * 100);
  if (!(Math.abs(Number(sets) * 100 - at) < 1e-9 && at >= 1 && at <= 50))
    throw new UsageError(`--sets takes a multiple of 0.01 from 0.01 to 0.5, but got "${sets}".`);
  if (format === 'npy') throw new UsageError('--sets is for CSV and Parquet, but --out is .npy.');
  if (prior !== undefined)
    throw new UsageError('--sets were calibrated at the prior of the head; leave out --prior, or --sets.');
  if (!thresholds)
    throw new UsageError(
      `--sets needs rows that were held out when ${head} was fitted, and there were none: its backbone had seen them all, and there was no validation part; rebalance with one.`,
    );
  return thresholds[at - 1] ?? Number.POSITIVE_INFINITY;
}

/** Another prior than the head's own, and what there is to say of it. */
async function newPrior(
  made: Classifier,
  rows: NewRows,
  { prior }: PredictOptions,
  head: string,
): Promise<{ prior?: TargetPrior; notes: string[] }> {
  if (prior === undefined) return { notes: [] };
  if (made.made.learns !== undefined && made.made.learns !== 'rows')
    throw new UsageError(
      `--prior moves heads that were fitted on rows as they are, but ${head} is "${made.made.head}"; save logistic-prior with --head.`,
    );
  if (prior !== 'estimate') return { prior: await priorOf(prior, made.classNames), notes: [] };
  const numClasses = made.classNames.length;
  const all = new Float32Array((rows.values.length / rows.dim) * numClasses);
  const asTrained = { ...made, probabilities: (x: tf.Tensor2D) => made.probabilities(x, { prior: 'train' }) };
  eachProbabilities(asTrained, rows, (found, start) =>
    all.set(found.dataSync<'float32'>(), start * numClasses),
  );
  const probabilities = tf.tensor2d(all, [all.length / numClasses, numClasses]);
  try {
    const found = estimatePrior(probabilities, made.counts);
    const floor = 1e-6; // a class that seems not to occur may
    const note = `prior estimated by ${probabilities.shape[0].toLocaleString('en')} rows: ${(100 * found.shift).toFixed(1)} % of it has shifted, ${(100 * found.noise).toFixed(1)} % is what as many rows vary by${found.shift < 2 * found.noise ? '; that is no more than noise, so the training prior may serve as well' : ''}.`;
    return { prior: found.prior.map((share) => Math.max(share, floor)), notes: [note] };
  } finally {
    probabilities.dispose();
  }
}

/** What the columns of probabilities are, unless their numbers say it. */
function orderNotes(classNames: readonly string[]): string[] {
  if (classNames.every((name, c) => name === String(c))) return [];
  const few = classNames.slice(0, 5).map((name) => name.slice(0, 40));
  const more = classNames.length > few.length ? ', ...' : '';
  return [`columns are the classes ${few.join(', ')}${more} (${classNames.length}), in this order.`];
}

/** @throws DataError, InputError or UsageError in a sentence */
export async function predict(
  head: string,
  features: string,
  options: PredictOptions,
): Promise<{ bytes: Uint8Array; rows: number; notes: readonly string[] }> {
  const made = decodeClassifier(await readFile(head), { source: head });
  try {
    const threshold = thresholdOf(made, options, head);
    const rows = await readNew(features, made, head);
    const { prior, notes } = await newPrior(made, rows, options, head);
    const numClasses = made.classNames.length;
    const count = rows.values.length / rows.dim;
    const wantsAll = options.format === 'npy';
    const found: Predictions = {
      classNames: made.classNames,
      classes: new Int32Array(count),
      confidence: new Float32Array(count),
      ...(wantsAll && { probabilities: new Float32Array(count * numClasses) }),
      ...(threshold !== undefined && { sets: [] }),
    };
    const moved = { ...made, probabilities: (x: tf.Tensor2D) => made.probabilities(x, prior && { prior }) };
    eachProbabilities(moved, rows, (tensor, start) => {
      const probabilities = tensor.dataSync<'float32'>();
      found.probabilities?.set(probabilities, start * numClasses);
      for (let at = 0; at < probabilities.length; at += numClasses) {
        const own = probabilities.subarray(at, at + numClasses);
        const best = own.reduce((so, p, c) => (p > own[so]! ? c : so), 0);
        found.classes[start + at / numClasses] = best;
        found.confidence[start + at / numClasses] = own[best]!;
        found.sets?.push(setOf(own, threshold!));
      }
    });
    return {
      bytes: encodePredictions(found, options.format),
      ...{ rows: count, notes: [...notes, ...(wantsAll ? orderNotes(made.classNames) : [])] },
    };
  } finally {
    made.dispose();
  }
}

/** The likeliest first. */
const setOf = (own: Float32Array, threshold: number): number[] =>
  Array.from(own.keys())
    .filter((c) => 1 - own[c]! <= threshold)
    .sort((a, b) => own[b]! - own[a]!);
