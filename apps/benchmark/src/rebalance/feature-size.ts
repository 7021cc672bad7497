/**
 * How large features are. Squares of what is far from 1 leave float32's range, where heads guess in silence; and heads that pay for the size of
 * their weights, plain logistic regression and ridge, hardly learn from small features and hardly pay with large ones.
 */
import { DataError } from '@longtail/core';
import type { Part } from './part.ts';

/** 1e-8 and 1e10 are in the message, too. */
const [LEAST, MOST] = [1e-8, 1e10];
const [SMALL, LARGE] = [1e-3, 1e4];

/** The largest |x| of the rows. */
function largest({ values }: Part): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > most) most = size;
  }
  return most;
}

/**
 * @returns a note where features are small or large; features that are all 0 are the audit's
 * @throws DataError where heads could not compute with them
 */
export function sizeNotes(train: Part): string[] {
  const most = largest(train);
  if (most === 0) return [];
  const size = +most.toPrecision(2);
  if (most < LEAST || most > MOST)
    throw new DataError(
      `expected features of sizes from 1e-8 to 1e10, but the largest of ${train.source} is ${size}, whose squares float32 does not hold well; divide all of them by ${size}, or standardise the columns.`,
      { path: train.source, largest: most },
    );
  if (most >= SMALL && most <= LARGE) return [];
  return [
    `the largest feature is ${size}: logistic regression and ridge pay for the size of their weights, so divide all features by ${size}, or standardise the columns.`,
  ];
}
