/** What is tested, and on what is fitted for it: a test part, or every row by one of five folds. */
import { DataError, UsageError } from '@longtail/core';
import type { KnownParts } from './known-classes.ts';
import type { FeaturesFrom } from './selection.ts';
import { type Pair, stratifiedFolds } from './stratified-folds.ts';

/** @throws UsageError or DataError where there is nothing to test by */
export function testPairs(
  { train, test, classNames }: KnownParts,
  { featuresFrom, seed }: { featuresFrom: FeaturesFrom; seed: number },
): Pair[] {
  if (test) return [{ fit: train, held: test }];
  if (featuresFrom === 'trained')
    throw new UsageError(
      'expected a test part with --features-from trained, because rows that the backbone was trained on look easier than others and tell nothing by folds; give --test, or a column split.',
    );
  const pairs = stratifiedFolds(train, { seed, numClasses: classNames.length });
  if (pairs.length > 0) return pairs;
  throw new DataError(
    `expected a class of two rows at least, of which one can be tested, but each of the ${train.labels.length} rows of ${train.source} is the only one of its class; add rows, or give a test part.`,
  );
}
