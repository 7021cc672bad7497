/**
 * The prior of unlabelled rows, from a classifier that is calibrated under the training prior, where the classes look the same as before and
 * only their shares have changed (label shift).
 *   MLLS (Saerens, Latinne & Decaestecker, 2002): the shares of greatest likelihood by expectation-maximisation,
 *     q_ic = p_ic w_c / sum_j p_ij w_j,  w_c = mean_i q_ic / pi_train,c
 */
import { asCounts, checkIntegers, checkNumbers, checkOptions, InputError, random } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from './training-set.ts';

export interface PriorEstimate {
  /** Sums to 1, shape [C]. */
  readonly prior: Float64Array;
  /** How far each share varies when the rows are drawn anew with replacement, shape [C]. */
  readonly deviations: Float64Array;
  /** Half the sum of |prior - train|, in [0, 1]: how much has shifted. */
  readonly shift: number;
  /** Half the sum of the deviations: a shift that is not far above it is noise. */
  readonly noise: number;
}

export interface PriorOptions {
  /** How often rows are drawn anew for the deviations. Default: 20. */
  readonly resamples?: number;
  /** Default: 0. */
  readonly seed?: number;
  /** Of the shares, where EM ends. Default: 1e-6. */
  readonly tolerance?: number;
  /** Of EM. Default: 1000. */
  readonly maxIterations?: number;
}

export interface Rows {
  /** Shape [N, C], row by row. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly classes: number;
}

export function read(probabilities: tf.Tensor2D, name: string): Rows {
  checkTensors({ [name]: probabilities }, { rank: 2 });
  checkFinite(probabilities, { name });
  const [rows, classes] = probabilities.shape;
  if (rows === 0) throw new InputError(`${name} must have a row, but there is none.`);
  const values = probabilities.dataSync<'float32'>();
  for (let i = 0; i < values.length; i++)
    if (values[i]! < 0)
      throw new InputError(
        `${name} must be >= 0, but row ${Math.floor(i / classes)} holds ${values[i]}; give probabilities, not logits.`,
      );
  return { values, rows, classes };
}

/** EM, of rows that count `times` each. */
function likeliest(
  { values, rows, classes }: Rows,
  train: Float64Array,
  times: Float64Array,
  { tolerance, maxIterations }: Required<Pick<PriorOptions, 'tolerance' | 'maxIterations'>>,
): Float64Array {
  let prior = Float64Array.from(train);
  const total = times.reduce((a, b) => a + b, 0);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const ratios = prior.map((p, c) => (train[c]! > 0 ? p / train[c]! : 0));
    const next = new Float64Array(classes);
    for (let i = 0; i < rows; i++) {
      if (times[i] === 0) continue;
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += values[i * classes + c]! * ratios[c]!;
      const scale = times[i]! / (total * (sum || 1));
      for (let c = 0; c < classes; c++) next[c]! += values[i * classes + c]! * ratios[c]! * scale;
    }
    const moved = next.reduce((most, p, c) => Math.max(most, Math.abs(p - prior[c]!)), 0);
    prior = next;
    if (moved <= tolerance) break;
  }
  const sum = prior.reduce((a, b) => a + b, 0);
  return prior.map((p) => p / sum);
}

function sharesOf(counts: ArrayLike<number>, classes: number): Float64Array {
  const checked = asCounts(counts);
  if (checked.length !== classes)
    throw new InputError(`class counts must be of ${classes} classes, but there are ${checked.length}.`);
  const sum = checked.reduce((a, b) => a + b, 0);
  return checked.map((n) => n / sum);
}

/** How often each of n rows is drawn, with replacement. */
export function drawnTimes(n: number, generator: ReturnType<typeof random>): Float64Array {
  const times = new Float64Array(n);
  for (let i = 0; i < n; i++) times[generator.integer(n)]! += 1;
  return times;
}

export function summary(
  prior: Float64Array,
  train: Float64Array,
  drawn: readonly Float64Array[],
): PriorEstimate {
  const deviations = prior.map((_, c) => {
    const mean = drawn.reduce((sum, one) => sum + one[c]!, 0) / Math.max(1, drawn.length);
    const squares = drawn.reduce((sum, one) => sum + (one[c]! - mean) ** 2, 0);
    return Math.sqrt(squares / Math.max(1, drawn.length - 1));
  });
  const half = (values: Float64Array) => values.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
  return { prior, deviations, shift: half(prior.map((p, c) => p - train[c]!)), noise: half(deviations) };
}

/**
 * MLLS.
 *
 * @param probabilities of the unlabelled rows, under the training prior, shape [N, C]
 * @param counts of the training set, shape [C]; a class without rows is taken to stay away
 * @throws InputError for negative or infinite numbers, counts of another number of classes, or an option out of range
 * @example
 * const { prior, shift, noise } = estimatePrior(made.probabilities(unlabelled, { prior: 'train' }), counts);
 * if (shift > 2 * noise) made.probabilities(unlabelled, { prior });
 */
export function estimatePrior(
  probabilities: tf.Tensor2D,
  counts: ArrayLike<number>,
  options: PriorOptions = {},
): PriorEstimate {
  const {
    resamples = 20,
    seed = 0,
    tolerance = 1e-6,
    maxIterations = 1000,
  } = checkOptions(options, { of: 'estimatePrior' });
  checkIntegers({ resamples }, { least: 0, most: 100_000 });
  checkIntegers({ maxIterations });
  checkNumbers({ tolerance }, { least: 0 });
  const rows = read(probabilities, 'probabilities');
  const train = sharesOf(counts, rows.classes);
  const generator = random(seed, 'estimatePrior');
  const of = (times: Float64Array) => likeliest(rows, train, times, { tolerance, maxIterations });
  const prior = of(new Float64Array(rows.rows).fill(1));
  const drawn = Array.from({ length: resamples }, () => of(drawnTimes(rows.rows, generator)));
  return summary(prior, train, drawn);
}
