/** The pictures of a recipe: its splits belong together, or nothing is trained. */
import { expectSameClasses } from '@longtail/datasets';
import type { Recipe, RecipeData } from './recipe.ts';

/** @throws DataError when a split numbers its classes otherwise than the training set */
export async function recipeData(recipe: Recipe, where: Parameters<Recipe['data']>[0]): Promise<RecipeData> {
  const data = await recipe.data(where);
  expectSameClasses({ ...data });
  return data;
}
