/** The parts that a recipe's options name, looked for before anything starts. */
import { pretrainedPath } from './pretrained.ts';
import type { Recipe } from './recipe.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { findSampler, samplerNames } from './samplers.ts';

/**
 * @returns the options with whole paths in place of what is a path
 * @throws UsageError for a loss, a sampler or weights that there are not, or a module that is none; DataError for a missing file
 */
export async function resolvedOptions(recipe: Recipe, options: RecipeOptions): Promise<RecipeOptions> {
  const { findLoss, lossKey } = await import('./losses.ts'); // with tfjs, which --help can do without
  await findLoss(options.loss);
  const samplers = samplerNames(options.samplers);
  await Promise.all(samplers.map(findSampler));
  const pretrained = pretrainedPath(recipe, options.pretrained);
  return { ...options, pretrained, loss: lossKey(options.loss), samplers: samplers.join(',') };
}
