/** The names that the command line knows recipes by; the path of a module that exports one works as well. */
import { UsageError } from '@longtail/core';
import { importOwn, isOwnModule } from './own-module.ts';
import type { Recipe } from './recipe.ts';

/** `import()` so that only the recipe that is run is loaded. */
const RECIPES: Readonly<Record<string, () => Promise<{ default: Recipe }>>> = {
  demo: () => import('../recipes/demo.ts'),
  'cifar-10-lt': () => import('../recipes/cifar-10-lt.ts'),
};

export const recipeNames: readonly string[] = Object.keys(RECIPES);

/** @throws UsageError when it is neither a name nor a module with a recipe as its default export */
export async function findRecipe(name: string): Promise<Recipe> {
  const known = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (known) return (await known()).default;
  if (!isOwnModule(name))
    throw new UsageError(
      `a recipe is one of ${recipeNames.join(', ')}, or the path of a module, but got "${name}".`,
    );
  const { default: recipe } = await importOwn<{ default: Recipe }>(name);
  if (typeof recipe?.backbone !== 'function' || typeof recipe.data !== 'function')
    throw new UsageError(`expected a recipe as the default export of ${name}, but it has none.`);
  return recipe;
}
