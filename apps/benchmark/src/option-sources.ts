/** Each option of a recipe as a run would have it, and who says so. */
import { BASELINES } from './baselines.ts';
import type { Recipe } from './recipe.ts';
import {
  checkRecipeOptions,
  type OptionName,
  optionHelp,
  optionNames,
  optionRange,
} from './recipe-options.ts';
import { withSettings } from './settings.ts';

export interface SourcedOption {
  readonly name: string;
  readonly value: string | number;
  /** Where the value comes from. */
  readonly from: 'default' | 'recipe' | 'baseline' | '--set';
  /** What it would be if nobody said anything. */
  readonly byDefault: string | number;
  readonly range: string;
  readonly help: string;
}

/**
 * @param settings `key=value`, as `--set` takes them
 * @throws UsageError as withSettings
 */
export function optionSources(recipe: Recipe, settings: readonly string[]): SourcedOption[] {
  const values = withSettings(recipe, settings);
  const defaults = checkRecipeOptions({}, { of: 'nobody' });
  const set = new Set(settings.map((setting) => setting.split('=')[0]));
  const { options: baseline } = BASELINES[values.baseline];
  const from = (name: OptionName): SourcedOption['from'] => {
    if (set.has(name)) return '--set';
    if (baseline[name] !== undefined) return 'baseline';
    return recipe.options[name] === undefined ? 'default' : 'recipe';
  };
  return optionNames.map((name) => ({
    name,
    value: values[name],
    from: from(name),
    byDefault: defaults[name],
    range: optionRange(name),
    help: optionHelp(name),
  }));
}
