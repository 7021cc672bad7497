/** A try of a large set: some pictures of each split, spread over its list. */
import { type Dataset, subsetOf } from '@longtail/datasets';
import type { RecipeData } from './recipe.ts';

function spreadOver(set: Dataset, count: number): Dataset {
  if (count >= set.length) return set;
  const at = (i: number): number => Math.floor((i * set.length) / count);
  return subsetOf(
    set,
    Int32Array.from({ length: count }, (_, i) => at(i)),
  );
}

/**
 * @param count pictures of each split, 0 for all
 * @returns splits of the same classes; many may have no picture then
 */
export function fewOfSplits(data: RecipeData, count: number): RecipeData {
  if (count === 0) return data;
  const { train, validation, test } = data;
  return {
    train: spreadOver(train, count),
    ...(validation && { validation: spreadOver(validation, count) }),
    test: spreadOver(test, count),
  };
}
