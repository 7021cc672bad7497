/**
 * C of plain logistic regression: the one of the least negative log-likelihood of held-out rows. From weak to strong, each fit begins
 * where the one before ended. Of many wide rows it is chosen on their first principal components.
 */
import { classCounts } from '@longtail/core';
import { type Head, logisticRegression } from '@longtail/heads';
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type FewComponents, fewComponents } from './few-components.ts';
import type { FitOptions, FoldRows } from './fit-context.ts';
import { isWideAndLong } from './long-fits.ts';

const GRID = [0.001, 0.01, 0.1, 1, 10, 100];
/** Of fits to choose by, of which the held-out loss changes in the fourth digit. */
const ROUGH = 1e-3;
/** The same on components, after which the folds' heads are fitted once more, in few steps. */
const [ROUGHER, LAST] = [3e-3, 2e-3];

export interface Choice {
  readonly C: number;
  /** By it, on what each fold fits; the caller's to dispose. */
  readonly folds: Head[];
}

type Options = Pick<FitOptions, 'numClasses' | 'signal' | 'onStep'>;

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
  { from, heads, tolerance }: { from: readonly Head[]; heads: Head[]; tolerance: number },
  { numClasses, signal, onStep }: Options,
): Promise<Head[]> {
  const fitted: Head[] = [];
  for (const [i, { fit }] of folds.entries()) {
    const start = from[i] && { from: from[i] };
    onStep?.(`C = ${C}`);
    const options = { numClasses, C, signal, tolerance, ...start };
    fitted.push(await logisticRegression(fit.features, fit.labels, options));
    heads.push(fitted.at(-1)!);
  }
  return fitted;
}

interface Search {
  /** Default: 1e-3. */
  readonly tolerance?: number;
  /** Where the search begins; what is below it is tried where that is the best. Default: the least. */
  readonly begin?: number;
}

/** Ends where two strengths on end have made it worse. */
export async function chooseOnRows(
  rows: readonly FoldRows[],
  options: Options,
  { tolerance = ROUGH, begin = GRID[0]! }: Search = {},
): Promise<Choice> {
  const heads: Head[] = [];
  let best: { C: number; folds: Head[]; loss: number } | undefined;
  let isDone = false;
  async function along(grid: readonly number[], start: readonly Head[]): Promise<void> {
    let [from, worse] = [start, 0];
    for (const C of grid) {
      const folds = await fitFolds(rows, C, { from, heads, tolerance }, options);
      const loss = rows.reduce((sum, fold, i) => sum + heldOutLoss(folds[i]!, fold, options.numClasses), 0);
      worse = best && loss >= best.loss ? worse + 1 : 0;
      if (worse === 0) best = { C, folds, loss };
      if (worse === 2) return;
      from = folds;
    }
  }
  try {
    await along(
      GRID.filter((C) => C >= begin),
      [],
    );
    if (best!.C === begin) await along(GRID.filter((C) => C < begin).toReversed(), best!.folds);
    isDone = true;
    return best!;
  } finally {
    for (const head of heads) if (!isDone || !best!.folds.includes(head)) head.dispose();
  }
}

/** The same where fits take long: chosen on few components, from where the folds' heads go on. */
export async function chooseOnComponents(rows: readonly FoldRows[], options: Options): Promise<Choice> {
  const few: FewComponents[] = [];
  const heads: Head[] = [];
  let fitted: Head[] = [];
  try {
    for (const fold of rows) few.push(fewComponents(fold));
    const { C, folds } = await chooseOnRows(
      few.map((part) => part.rows),
      options,
      { tolerance: ROUGHER, begin: 0.01 },
    );
    for (const head of folds) heads.push(head);
    const from = folds.map((head, i) => few[i]!.widen(head));
    for (const head of from) heads.push(head);
    fitted = await fitFolds(rows, C, { from, heads, tolerance: LAST }, options);
    return { C, folds: fitted };
  } finally {
    for (const part of few) part.dispose();
    for (const head of heads) if (!fitted.includes(head)) head.dispose();
  }
}

/** @param folds at least one */
export function chooseC(folds: readonly FoldRows[], options: Options): Promise<Choice> {
  const isMuch = folds.some(({ fit }) => isWideAndLong(fit.features.shape, options.numClasses));
  return isMuch ? chooseOnComponents(folds, options) : chooseOnRows(folds, options);
}
