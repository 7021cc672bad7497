/** Stratified folds: the rows of each class are dealt out in a drawn order, one fold after another. */
import { indicesByClass, random } from '@longtail/core';
import { type Part, rowsWhere } from './part.ts';

/** Those of folds are copied when they are asked for, so that one fold is in memory at a time. */
export interface Pair {
  readonly fit: Part;
  readonly held: Part;
}

/**
 * Every class is among the rows that are fitted: a class of one row is never held out.
 *
 * @returns as many as hold a row: none where no class has two
 */
export function stratifiedFolds(
  part: Part,
  { folds = 5, seed, numClasses }: { folds?: number; seed: number; numClasses: number },
): Pair[] {
  const foldOf = new Int32Array(part.labels.length).fill(-1);
  const generator = random(seed, 'folds', folds);
  let next = 0;
  for (const rows of indicesByClass(part.labels, { numClasses }))
    if (rows.length > 1) for (const row of generator.shuffle(rows)) foldOf[row] = next++ % folds;
  return Array.from({ length: Math.min(folds, next) }, (_, fold) => ({
    get fit() {
      return rowsWhere(part, (row) => foldOf[row] !== fold);
    },
    get held() {
      return rowsWhere(part, (row) => foldOf[row] === fold);
    },
  }));
}
