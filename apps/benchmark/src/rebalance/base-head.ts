/** Plain logistic regression, which the leaderboard compares with and other heads begin from. */
import { type Head, linearFrom, logisticRegression } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import { chooseC } from './choose-c.ts';
import type { FitOptions, FoldRows, Rows } from './fit-context.ts';
import { toleranceOf } from './long-fits.ts';

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

/** @param rows of the selection, none of 'default' */
export async function baseOf(
  { features, labels }: Rows,
  rows: readonly FoldRows[],
  options: FitOptions,
): Promise<Base> {
  const start = performance.now();
  const { numClasses, signal, onStep } = options;
  const { C, folds } = rows.length > 0 ? await chooseC(rows, options) : { C: DEFAULT_C, folds: [] as Head[] };
  try {
    const from = folds[0] && { from: folds[0] };
    const tolerance = toleranceOf(features.shape, numClasses);
    const onIteration = (iteration: number) => onStep?.(`iteration ${iteration}`);
    const how = { numClasses, C, signal, tolerance, onIteration, ...from };
    const head = await logisticRegression(features, labels, how);
    return { head, C, folds, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    for (const fold of folds) fold.dispose();
    throw error;
  }
}
