/** `longtail config RECIPE`: what its options are, and where each value comes from. */
import { Command } from 'commander';
import { optionSources } from '../option-sources.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import { findSampler, samplerNames } from '../samplers.ts';
import { keptRates } from '../scaled-rate.ts';
import { withSettings } from '../settings.ts';
import { print, printJson, tell } from './terminal.ts';

async function config(name: string, { set, json = false }: { set: string[]; json?: boolean }): Promise<void> {
  const recipe = await findRecipe(name);
  const options = optionSources(recipe, set);
  const resolved = withSettings(recipe, set);
  const { findLoss } = await import('../losses.ts');
  await findLoss(resolved.loss);
  await Promise.all(samplerNames(resolved.samplers).map(findSampler));
  const warnings = keptRates(recipe, resolved);
  if (json) return printJson({ recipe: name, options, warnings });
  const width = (text: 'name' | 'from') => options.reduce((most, one) => Math.max(most, one[text].length), 0);
  const [names, sources] = [width('name'), width('from')];
  for (const { name: option, from, value } of options)
    print(`${option.padEnd(names)}  ${from.padEnd(sources)}  ${value}`);
  for (const warning of warnings) tell(warning);
}

export const configCommand = (): Command =>
  new Command('config')
    .description("a recipe's options as a run would have them, and where each comes from")
    .argument('<recipe>', `${recipeNames.join(', ')}, or the path of a module`)
    .option('--set <key=value...>', 'options of the recipe', [])
    .option('--json', 'with ranges and defaults, as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail config demo\n  longtail config cifar-10-lt --set epochs=20 batchSize=64\n  longtail config ./recipe.ts --json',
    )
    .action(config);
