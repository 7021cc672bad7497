/**
 * Plain logistic regression, which the leaderboard compares with and other heads begin from. C is the one of the least
 * negative log-likelihood of held-out rows; from weak to strong, each begins where the one before ended.
 */
import { classCounts } from '@longtail/core';
import { type Head, linearFrom, logisticRegression } from '@longtail/heads';
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { FitOptions, FoldRows, Rows } from './fit-context.ts';

const GRID = [0.001, 0.01, 0.1, 1, 10, 100];
/** Of fits to choose by, of which the held-out loss changes in the fourth digit. */
const ROUGH = 1e-3;
/** scikit-learn's. */
const DEFAULT_C = 1;

export interface Base {
  readonly head: Head;
  readonly C: number;
  /** The same on what each pair of the selection fits. */
  readonly folds: readonly Head[];
  readonly seconds: number;
}

/** A linear head with weights of its own. */
export function copyOf(head: Head): Head {
  const [weight, bias] = [head.weights.get('weight')!, head.weights.get('bias')];
  return linearFrom(head.name, {
    weight: tf.clone(weight as tf.Tensor) as tf.Tensor2D,
    bias: bias && (tf.clone(bias as tf.Tensor) as tf.Tensor1D),
  });
}

/**
 * The sum of -log p of the held-out rows, each class of them weighing as much as in the rows that the head is fitted to: evenly mixed
 * rows would choose a head for another mix than its own.
 */
function heldOutLoss(head: Head, { fit, held }: FoldRows, numClasses: number): number {
  const [own, theirs] = [fit, held].map(({ labels }) => classCounts(labels, { numClasses })) as [
    Int32Array,
    Int32Array,
  ];
  const weights = Float32Array.from(own, (n, c) =>
    theirs[c] ? (n / fit.labels.length) * (held.labels.length / theirs[c]) : 0,
  );
  return tf.tidy(() => {
    const labels = tf.tensor1d(held.labels, 'int32');
    const losses = sparseCrossEntropy(head.logits(held.features), labels);
    return tf.sum(tf.mul(losses, tf.gather(tf.tensor1d(weights), labels))).dataSync()[0]!;
  });
}

/** Each begins where that of the strength before has ended. @param heads takes what is fitted, whatever happens */
async function fitFolds(
  folds: readonly FoldRows[],
  C: number,
  { from, heads }: { from: readonly Head[]; heads: Head[] },
  { numClasses, signal }: FitOptions,
): Promise<Head[]> {
  const fitted: Head[] = [];
  for (const [i, { fit }] of folds.entries()) {
    const start = from[i] && { from: from[i] };
    const options = { numClasses, C, signal, tolerance: ROUGH, ...start };
    fitted.push(await logisticRegression(fit.features, fit.labels, options));
    heads.push(fitted.at(-1)!);
  }
  return fitted;
}

/** Ends where two strengths on end have made it worse. */
async function chooseC(
  rows: readonly FoldRows[],
  options: FitOptions,
): Promise<{ C: number; folds: Head[] }> {
  const heads: Head[] = [];
  let best: { C: number; folds: Head[]; loss: number } | undefined;
  let [from, worse]: [Head[], number] = [[], 0];
  let isDone = false;
  try {
    for (const C of GRID) {
      from = await fitFolds(rows, C, { from, heads }, options);
      const loss = rows.reduce((sum, fold, i) => sum + heldOutLoss(from[i]!, fold, options.numClasses), 0);
      worse = best && loss >= best.loss ? worse + 1 : 0;
      if (worse === 0) best = { C, folds: from, loss };
      if (worse === 2) break;
    }
    isDone = true;
    return best!;
  } finally {
    for (const head of heads) if (!isDone || !best!.folds.includes(head)) head.dispose();
  }
}

/** @param rows of the selection, none of 'default' */
export async function baseOf(
  { features, labels }: Rows,
  rows: readonly FoldRows[],
  options: FitOptions,
): Promise<Base> {
  const start = performance.now();
  const { numClasses, signal } = options;
  const { C, folds } = rows.length > 0 ? await chooseC(rows, options) : { C: DEFAULT_C, folds: [] as Head[] };
  try {
    const from = folds[0] && { from: folds[0] };
    const head = await logisticRegression(features, labels, { numClasses, C, signal, ...from });
    return { head, C, folds, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    for (const fold of folds) fold.dispose();
    throw error;
  }
}
