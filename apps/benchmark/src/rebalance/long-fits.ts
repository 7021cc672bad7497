/**
 * Where a fit of plain logistic regression takes minutes, it ends a little earlier: at slopes of half of scikit-learn's 1e-4, or of
 * 1e-3 (2 / C)^(1/2) where that is less. Accuracies are within some tenths of a point. Choices by folds are made on half of the rows
 * (selection.ts), and where rows are wide, too, the strength of its penalty is chosen on components (choose-c.ts).
 */
import { COMPONENTS } from './few-components.ts';

type Size = readonly [rows: number, dim: number];

/** Products of one look at all rows: some tenths of a second. */
const MOST_PRODUCTS = 2 ** 34;

export const isLong = ([rows, dim]: Size, numClasses: number): boolean =>
  rows * dim * numClasses > MOST_PRODUCTS;

/** Components of wider rows would take longer than they save; of fewer rows than numbers they are not known. */
const MOST_DIM = 4096;

export function isWideAndLong([rows, dim]: Size, numClasses: number): boolean {
  const isWide = dim > 2 * COMPONENTS && dim <= MOST_DIM && rows > dim;
  return isWide && isLong([rows, dim], numClasses);
}

/** Of `logisticRegression`, which multiplies it by (2 / C)^(1/2). */
export const toleranceOf = (size: Size, numClasses: number): number =>
  isLong(size, numClasses) ? Math.min(1e-3, Math.max(1e-4, 5e-5 * Math.sqrt(numClasses / 2))) : 1e-4;

export function longNotes(size: Size, numClasses: number): string[] {
  if (!isLong(size, numClasses)) return [];
  const choice = isWideAndLong(size, numClasses)
    ? ` Where its C is chosen by folds or validation rows, it is on ${COMPONENTS} principal components.`
    : '';
  return [
    `so many rows and classes take plain logistic regression minutes: its fits end at slopes of up to half of scikit-learn’s, not smaller ones. What is chosen by folds of the training rows is fitted to half of them.${choice}`,
  ];
}
