/** What of a recipe's own training a run leaves out: its networks say little of the recipe, or of the paper. */
import { UsageError } from '@longtail/core';
import type { Recipe } from './recipe.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { findRecipe } from './recipes.ts';
import { withSettings } from './settings.ts';

const counted = (count: number): string => count.toLocaleString('en');

/**
 * @param trainSize pictures of the training set
 * @returns in words, such as `2 of 12 epochs`, `320 of 4,016 pictures an epoch`; none where nothing is left out, or more is done
 */
export function leftOut(
  recipe: Recipe,
  options: RecipeOptions,
  { trainSize }: { trainSize: number },
): string[] {
  const own = withSettings(recipe, []);
  const pictures = (count: number): number => Math.min(count || trainSize, trainSize);
  const parts = [
    { what: 'epochs', done: options.epochs, of: own.epochs },
    {
      what: 'pictures an epoch',
      done: pictures(options.imagesPerEpoch),
      of: pictures(own.imagesPerEpoch),
    },
    { what: 'epochs of cRT and LWS', done: options.headEpochs, of: own.headEpochs },
  ];
  const few = options.imagesPerSplit;
  const isFewer = few > 0 && (own.imagesPerSplit === 0 || few < own.imagesPerSplit);
  return [
    ...(isFewer ? [`${counted(few)} pictures of each split at most`] : []),
    ...parts
      .filter(({ done, of }) => done < of)
      .map(({ what, done, of }) => `${counted(done)} of ${counted(of)} ${what}`),
  ];
}

/** The same of a run's recipe, by its name; a module that is no more says nothing. */
export async function shortenedRun(
  { recipe: name, options }: { recipe: string; options: RecipeOptions },
  { trainSize }: { trainSize: number },
): Promise<string[]> {
  try {
    return leftOut(await findRecipe(name), options, { trainSize });
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
