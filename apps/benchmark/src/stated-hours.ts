/** What a recipe states of one representation, for as many epochs as are asked for; stage 2 is not in it. */
import type { Recipe } from './recipe.ts';
import { checkRecipeOptions } from './recipe-options.ts';

/** Undefined where the recipe states nothing. */
export function statedHours(
  { name, options, cost }: Pick<Recipe, 'name' | 'options' | 'cost'>,
  { epochs }: { epochs: number },
): number | undefined {
  if (!cost) return undefined;
  const own = checkRecipeOptions(options, { of: `the recipe ${name}` });
  return (cost.hours * epochs) / own.epochs;
}
