/** The pictures of a recipe: its splits belong together, or nothing is trained. */
import { expectSameClasses } from '@longtail/datasets';
import { fewOfSplits } from './few-of-splits.ts';
import type { Recipe, RecipeData } from './recipe.ts';

/**
 * @param options.imagesPerSplit pictures of each split, 0 for all
 * @throws DataError when a split numbers its classes otherwise than the training set
 */
export async function recipeData(
  recipe: Pick<Recipe, 'data'>,
  where: Parameters<Recipe['data']>[0],
  { imagesPerSplit = 0 }: { imagesPerSplit?: number } = {},
): Promise<RecipeData> {
  const data = await recipe.data(where);
  expectSameClasses({ ...data });
  return fewOfSplits(data, imagesPerSplit);
}
