/**
 * The linear rule (Goyal et al. 2017): k times the batch wants k times the rate. A batch that is changed alone trains
 * another way than the recipe does, and nothing in its numbers says so.
 */
import type { Recipe } from './recipe.ts';
import { checkRecipeOptions, type RecipeOptions } from './recipe-options.ts';

const PAIRS = [
  ['batchSize', 'learningRate'],
  ['headBatchSize', 'headLearningRate'],
] as const;

/**
 * @param options what a run is asked for
 * @returns a warning for each batch size that is not the recipe's while its rate is, with the rate that goes with it
 * @example
 * keptRates(recipe, withSettings(recipe, ['batchSize=64'])); // ['batchSize is 64 instead of 128, but ...']
 */
export function keptRates(recipe: Recipe, options: RecipeOptions): string[] {
  const own = checkRecipeOptions(recipe.options, { of: `the recipe ${recipe.name}` });
  return PAIRS.filter(([batch, rate]) => options[batch] !== own[batch] && options[rate] === own[rate]).map(
    ([batch, rate]) => {
      const scaled = Number(((own[rate] * options[batch]) / own[batch]).toPrecision(6));
      return `${batch} is ${options[batch]} instead of ${own[batch]}, but ${rate} is still ${own[rate]}: rates scale with the batch; ${rate}=${scaled} would keep to the recipe.`;
    },
  );
}
