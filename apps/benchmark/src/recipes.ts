/** The names that the command line knows recipes by; the path of a module that exports one works as well. */
import { UsageError } from '@longtail/core';
import { didYouMean } from './did-you-mean.ts';
import { hasFunctions, importOwn, isOwnModule } from './own-module.ts';
import type { Recipe } from './recipe.ts';
import { RECIPE_GROUPS, type RecipeEntry } from './recipe-table.ts';

const RECIPES: Readonly<Record<string, RecipeEntry>> = Object.assign({}, ...Object.values(RECIPE_GROUPS));

export const recipeNames: readonly string[] = Object.keys(RECIPES);

/** @throws UsageError when it is neither a name nor a module with a recipe as its default export */
export async function findRecipe(name: string): Promise<Recipe> {
  const known = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (known) return known.load();
  if (!isOwnModule(name))
    throw new UsageError(
      `a recipe is one of ${recipeNames.join(', ')}, or the path of a module, but got "${name}"${didYouMean(name, recipeNames)}`,
    );
  const { default: recipe } = await importOwn<{ default: Recipe }>(name, {
    expected: 'a recipe ({ name, options, statistics, augment, data, backbone, schedule })',
    fits: (exported: Record<keyof Recipe, unknown>) =>
      hasFunctions(exported, ['data', 'backbone', 'schedule']) &&
      [exported.options, exported.statistics, exported.augment].every((part) => part instanceof Object) &&
      typeof exported.name === 'string',
  });
  return recipe;
}
