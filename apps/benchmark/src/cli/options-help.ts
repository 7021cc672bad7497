/** What `--set` takes, for `run --help` and `train --help`; with a recipe or a module, its own defaults. */
import type { Command, Help } from 'commander';
import { BASELINE_NAMES } from '../baselines.ts';
import { lossNames } from '../loss-names.ts';
import { isOwnModule } from '../own-module.ts';
import { checkRecipeOptions, optionHelp, optionNames, optionRange } from '../recipe-options.ts';
import { RECIPE_GROUPS } from '../recipe-table.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import { knownSamplers } from '../samplers.ts';
import { withSettings } from '../settings.ts';

/** Of names that have their line beside them, not below, so that both fit on a narrow terminal. */
const WIDEST = 24;

/** Every recipe with its line, in groups. */
function recipeItems(helper: Help): string {
  const ofGroup = ([title, group]: [string, (typeof RECIPE_GROUPS)[string]]): string => {
    const width = Object.keys(group).reduce((most, { length }) => Math.max(most, length), 0);
    const items = Object.entries(group).map(([name, { summary }]) =>
      width > WIDEST ? `  ${name}\n      ${summary}` : helper.formatItem(name, width, summary, helper),
    );
    return [`${title}:`, ...items].join('\n');
  };
  return Object.entries(RECIPE_GROUPS).map(ofGroup).join('\n');
}

/** @param args of the command line: the recipe's own defaults are shown where one is named */
export async function addOptionsHelp(program: Command, args: readonly string[]): Promise<void> {
  const name = args.find((arg) => recipeNames.includes(arg) || isOwnModule(arg));
  const options = name ? withSettings(await findRecipe(name), []) : checkRecipeOptions({}, { of: 'nobody' });
  const heading = name
    ? `Options of ${name}, by --set:`
    : 'Options of a recipe, by --set (its own defaults: longtail run RECIPE --help):';
  const rows = optionNames.map((key): [string, string] => [
    key,
    `${optionHelp(key)} (${optionRange(key)}; default: ${options[key] === '' ? 'none' : options[key]})`,
  ]);
  rows.push(
    ['baselines', BASELINE_NAMES.filter((one) => one !== 'none').join(', ')],
    ['samplers', knownSamplers.join(', ')],
    ['losses', lossNames.join(', ')],
  );
  const width = rows.reduce((most, [key]) => Math.max(most, key.length), 0);
  for (const command of program.commands.filter((one) => ['run', 'train'].includes(one.name())))
    command.addHelpText('after', () => {
      const helper = command.createHelp();
      helper.prepareContext({ helpWidth: process.stdout.columns ?? 80 });
      const items = rows.map(([key, text]) => helper.formatItem(key, width, text, helper));
      items.splice(optionNames.length, 0, '\nNames:');
      const recipes = name ? '' : `\nRecipes:\n${recipeItems(helper)}\n`;
      return `${recipes}\n${heading}\n${items.join('\n')}`;
    });
}
