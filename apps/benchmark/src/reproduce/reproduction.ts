/** What a reproduction found: what its page, tables and figure are made of. */

import type { CollectedRun, Line } from './collect.ts';
import type { Experiment } from './experiment.ts';
import { recipeLabel } from './plan.ts';
import type { Reason } from './reasons.ts';

export interface ReproducedRun extends CollectedRun {
  readonly folder: string;
  /** Whether it was there, whole, before. */
  readonly wasThere: boolean;
}

/** Of each recipe: whose numbers stand beside it. */
export interface Beside {
  readonly recipe: string;
  readonly source?: string;
  readonly conditions?: string;
}

export interface Reproduction {
  readonly experiment: Experiment;
  readonly command: string;
  readonly seeds: readonly number[];
  readonly lines: readonly Line[];
  readonly beside: readonly Beside[];
  readonly reasons: readonly Reason[];
  readonly runs: readonly ReproducedRun[];
}

/** The experiment, and whose runs these are. */
export const titleOf = ({ title }: Pick<Experiment, 'title'>, recipes: readonly string[]): string =>
  `${title} (${[...new Set(recipes)].map(recipeLabel).join(', ')})`;

export const titleOfFound = ({ experiment, runs }: Reproduction): string =>
  titleOf(
    experiment,
    runs.map(({ recipe }) => recipe),
  );

/** What each protocol or baseline is, where there are several. */
export const variantTexts = ({ variants }: Pick<Experiment, 'variants'>): string[] =>
  variants.length > 1 ? variants.map(({ name, purpose }) => `${name || 'the run itself'}: ${purpose}`) : [];

/** In words, one a recipe. */
export const besideText = ({ recipe, source, conditions }: Beside, { recipes }: Experiment): string =>
  source === undefined
    ? `No number is published of ${recipeLabel(recipe)}${recipes.includes(recipe) ? ' that was checked against its source' : `; the paper's are of ${recipes.join(', ')}`}.`
    : `Published of ${recipe}: ${source}; ${conditions}.`;

/** What the numbers and their intervals are, in words. */
export function intervalText({ seeds, lines }: Pick<Reproduction, 'seeds' | 'lines'>): string {
  const count = seeds.length;
  const what = count === 1 ? 'Of one seed' : `Means of ${count} seeds, each of which is shown`;
  const cells = lines.flatMap((line) => line.cells);
  if (cells.every(({ interval }) => interval === undefined)) return `${what}.`;
  if (cells.some(({ isOverSeeds }) => isOverSeeds))
    return `${what}; intervals of 95 % are bootstrapped over seeds and test pictures.`;
  return count === 1
    ? `${what}; intervals of 95 % are bootstrapped over test pictures, and do not say what another seed would change.`
    : `${what}; intervals are from the lowest to the highest end of the seeds' own, which are of 95 % over test pictures.`;
}
