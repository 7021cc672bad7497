/**
 * The prior of unlabelled rows by how held-out rows of each class are taken for the others: BBSE, soft (Lipton, Wang & Smola, ICML 2018),
 *   w solves K w = m,  K_jc = mean over held-out rows of p_j 1[y = c],  m_j = mean p_j of the rows,  w = pi / pi_train
 */
import {
  asLabels,
  checkIntegers,
  checkOptions,
  extent,
  InputError,
  type LabelList,
  random,
} from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { LuDecomposition, Matrix } from 'ml-matrix';
import {
  drawnTimes,
  type PriorEstimate,
  type PriorOptions,
  type Rows,
  read,
  summary,
} from './label-shift.ts';

/** Of the largest. */
const LEAST_PIVOT = 1e-12;

/** K [C, C], held-out rows by their class. */
function confusion({ values, rows, classes }: Rows, labels: Int32Array): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < classes; j++) matrix[j * classes + labels[i]!]! += values[i * classes + j]! / rows;
  return matrix;
}

function meansOf({ values, rows, classes }: Rows, times: Float64Array): Float64Array {
  const means = new Float64Array(classes);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < classes; c++) means[c]! += (times[i]! * values[i * classes + c]!) / rows;
  return means;
}

/** w of K w = m for any m, by one LU decomposition. @throws InputError when K is singular */
function solver(matrix: Float64Array, size: number): (right: Float64Array) => readonly number[] {
  const lu = new LuDecomposition(Matrix.from1DArray(size, size, matrix));
  const pivots = lu.upperTriangularMatrix.diagonal().map(Math.abs);
  const [low, high] = extent(pivots);
  if (!(low > LEAST_PIVOT * high))
    throw new InputError(
      'expected a matrix of full rank, but it is singular; are there rows of every class, and are the classes told apart?',
    );
  return (right) => lu.solve(Matrix.columnVector(Array.from(right))).to1DArray();
}

/**
 * BBSE with probabilities. Shares below 0, which noise gives, are cut off.
 *
 * @param probabilities of the unlabelled rows, shape [N, C]
 * @param heldOut labelled rows that the classifier was not fitted on, with the shares of the training set
 * @throws InputError as {@link estimatePrior}, or where the classes cannot be told apart
 */
export function estimatePriorByConfusion(
  probabilities: tf.Tensor2D,
  heldOut: { probabilities: tf.Tensor2D; labels: LabelList },
  options: Pick<PriorOptions, 'resamples' | 'seed'> = {},
): PriorEstimate {
  const { resamples = 20, seed = 0 } = checkOptions(options, { of: 'estimatePriorByConfusion' });
  checkIntegers({ resamples }, { least: 0, most: 100_000 });
  const { probabilities: known, labels } = checkOptions(heldOut, { of: 'estimatePriorByConfusion' });
  const rows = read(probabilities, 'probabilities');
  const held = read(known, 'held-out probabilities');
  const { classes } = rows;
  if (held.classes !== classes)
    throw new InputError(
      `held-out probabilities must be of ${classes} classes, but they are of ${held.classes}.`,
    );
  const checked = asLabels(labels, { numClasses: classes });
  if (checked.length !== held.rows)
    throw new InputError(
      `expected a label for each of the ${held.rows} held-out rows, but got ${checked.length}.`,
    );
  const train = new Float64Array(classes);
  for (const label of checked) train[label]! += 1 / checked.length;
  const ratiosOf = solver(confusion(held, checked), classes);
  const generator = random(seed, 'estimatePriorByConfusion');
  const of = (times: Float64Array): Float64Array => {
    const ratios = ratiosOf(meansOf(rows, times));
    const shares = train.map((share, c) => Math.max(0, share * ratios[c]!));
    const sum = shares.reduce((a, b) => a + b, 0) || 1;
    return shares.map((share) => share / sum);
  };
  const prior = of(new Float64Array(rows.rows).fill(1));
  const drawn = Array.from({ length: resamples }, () => of(drawnTimes(rows.rows, generator)));
  return summary(prior, train, drawn);
}
