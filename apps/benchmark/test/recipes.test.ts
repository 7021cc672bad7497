/** The recipes that the command knows: what each says of itself, and that it has what its paper publishes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHED } from '@longtail/report/results';
import { describe, expect, it } from 'vitest';
import { RECIPE_GROUPS } from '../src/recipe-table.ts';
import { findRecipe, recipeNames } from '../src/recipes.ts';
import { withSettings } from '../src/settings.ts';

/** Classes of the groups many, medium and few (official lists). */
const SIZES = {
  'imagenet-lt': [385, 479, 136],
  'places-lt': [131, 163, 71],
  'inaturalist-2018': [842, 4076, 3224],
} as const;

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const entries = Object.values(RECIPE_GROUPS).flatMap((group) => Object.entries(group));

it.each(entries)('%s is what its line says', async (name, { summary, load }) => {
  const recipe = await load();
  expect([recipe.name, recipe.summary]).toEqual([name, summary]);
  expect((await findRecipe(name)).options).toEqual(recipe.options);
  const options = withSettings(recipe, []);
  const rates = [0, options.epochs - 1].map((epoch) => recipe.schedule(options)(epoch));
  expect(rates.every((rate) => rate >= 0 && rate <= options.learningRate)).toBe(true);
});

describe("the paper's recipes", () => {
  const paper = recipeNames.filter((name) => /^(imagenet-lt|inaturalist-2018)/.test(name));

  it.each(paper)(
    '%s: SGD at 512 and 0.2, a cosine that is stepped at the start of an epoch',
    async (name) => {
      const recipe = await findRecipe(name);
      const options = withSettings(recipe, []);
      const { batchSize, learningRate, headBatchSize, headLearningRate, epochs } = options;
      expect([batchSize, learningRate, headBatchSize, headLearningRate]).toEqual([512, 0.2, 512, 0.2]);
      const rate = recipe.schedule(options);
      const official = (e: number) => 0.1 * (1 + Math.cos((Math.PI * e) / epochs));
      for (const epoch of [0, 1, 44, epochs - 1])
        expect(rate(epoch, 0.5)).toBeCloseTo(official(epoch + 1), 12);
      const isOfSpecies = name.startsWith('inaturalist');
      expect(epochs).toBe(name.endsWith('200-epochs') ? 200 : 90);
      expect([options.weightDecay, options.headWeightDecay, options.headEpochs]).toEqual(
        isOfSpecies ? [1e-4, 1e-4, 30] : [5e-4, 5e-4, 10],
      );
      const calls = recipe.augment.parts!.map(({ call }) => call!.name);
      const jitter = isOfSpecies ? [] : ['colorJitter'];
      expect(calls).toEqual(['randomResizedCrop', 'horizontalFlip', ...jitter]);
    },
  );

  it('places-lt: last block at 0.01, head at 0.1', async () => {
    const recipe = await findRecipe('places-lt');
    const { batchSize, learningRate, epochs, weightDecay } = withSettings(recipe, []);
    expect([batchSize, learningRate, epochs, weightDecay]).toEqual([256, 0.1, 30, 5e-4]);
    expect(learningRate * recipe.backboneRate!).toBeCloseTo(0.01, 12);
    expect(recipe.frozen).toEqual(['stem', 'layer1', 'layer2', 'layer3']);
    expect(recipe.needsPretrained).toBe(true);
  });
});

describe.each(PUBLISHED.filter(({ recipe }) => recipe))(
  'the published numbers of $recipe',
  ({ recipe, set, rows }) => {
    it('are of a recipe that there is, on its set', () => {
      expect(recipeNames).toContain(recipe);
      expect(recipe).toContain(set);
    });

    it('are of its samplers, each classifier once', async () => {
      const samplers = withSettings(await findRecipe(recipe!), []).samplers.split(',');
      for (const [sampler] of rows) expect(samplers).toContain(sampler);
      expect(new Set(rows.map(([sampler, classifier]) => `${sampler}/${classifier}`)).size).toBe(rows.length);
    });

    // CIFAR-LT's are of all classes together.
    if (set.startsWith('cifar')) return;
    it('are of groups that come out at what is given for all', () => {
      const [many, medium, few] = SIZES[set as keyof typeof SIZES];
      for (const [, , ofMany, ofMedium, ofFew, all] of rows)
        if (ofMany !== null && ofMedium !== null && ofFew !== null) {
          const mean = (many * ofMany + medium * ofMedium + few * ofFew) / (many + medium + few);
          expect(Math.abs(mean - all)).toBeLessThan(0.1 + 1e-9); // each is rounded by 0.05 at most
        }
    });
  },
);

it.each(recipeNames.filter((name) => /^cifar.*if\d/.test(name)))(
  "%s falls as LDAM's code does",
  async (name) => {
    const recipe = await findRecipe(name);
    const rate = recipe.schedule(withSettings(recipe, []));
    const published = [0.02, 0.1, 0.1, 0.001, 0.001, 1e-5, 1e-5];
    for (const [i, epoch] of [0, 4, 159, 160, 179, 180, 199].entries())
      expect(rate(epoch)).toBeCloseTo(published[i]!, 12);
  },
);

it('are all in the README', () => {
  for (const name of recipeNames) expect(readme).toContain(`\`${name}\``);
});
