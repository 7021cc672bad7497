/** A recipe's options with settings in place: those of `--set key=value ...`, or of a file. */
import { UsageError } from '@longtail/core';
import { BASELINES } from './baselines.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Recipe } from './recipe.ts';
import {
  checkRecipeOptions,
  isOptionName,
  isOptionValue,
  optionNames,
  optionRange,
  type RecipeOptions,
} from './recipe-options.ts';

/** As people write them: not `0x10`, `Infinity` or a blank, which Number takes, too. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws UsageError for a value of the recipe's own that is not in its range */
const ownOptions = (recipe: Recipe): RecipeOptions =>
  checkRecipeOptions(recipe.options, { of: `the recipe ${recipe.name}` });

/**
 * @param set checked already
 * @returns all options: those of a baseline over the recipe's own, and what is set over both
 * @throws UsageError for a value of the recipe's own that is not in its range
 */
export function withOptions(recipe: Recipe, set: Partial<RecipeOptions>): RecipeOptions {
  const own = ownOptions(recipe);
  return { ...own, ...BASELINES[set.baseline ?? own.baseline].options, ...set };
}

/**
 * @returns as {@link withOptions}
 * @throws UsageError for a key that there is not, one that is given twice, a value that is not in its range, in the
 *   recipe's own options, too
 */
export function withSettings(recipe: Recipe, settings: readonly string[]): RecipeOptions {
  const own = ownOptions(recipe);
  const given = new Map<string, string | number>();
  for (const setting of settings) {
    const [key = '', ...rest] = setting.split('=');
    const text = rest.join('=');
    if (isOptionName(key) && rest.length === 0)
      throw new UsageError(`--set takes key=value, such as ${key}=${own[key]}, but got "${key}".`);
    if (!isOptionName(key))
      throw new UsageError(
        `--set takes key=value with one of the keys ${optionNames.join(', ')}, but got "${setting}"${didYouMean(key, optionNames)}`,
      );
    if (given.has(key))
      throw new UsageError(`--set takes a key once, but got ${key}=${given.get(key)} and ${setting}.`);
    const value = NUMBER.test(text) && typeof own[key] === 'number' ? Number(text) : text;
    if (!isOptionValue(key, value))
      throw new UsageError(`--set ${key} takes ${optionRange(key)}, but got "${text}".`);
    given.set(key, value);
  }
  return withOptions(recipe, Object.fromEntries(given));
}
