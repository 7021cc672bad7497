/** From an experiment to the runs that it needs; nothing is read or written. */
import { basename } from 'node:path';
import { UsageError } from '@longtail/core';
import { BASELINES } from '../baselines.ts';
import { withoutEnding } from '../own-module.ts';
import type { Experiment, Variant } from './experiment.ts';

export interface WantedRun {
  /** A name, or the path of a module. */
  readonly recipe: string;
  readonly seed: number;
  readonly variant: Variant;
  readonly samplers: readonly string[];
  /** What of the recipe's options is set, as `--set` takes it. */
  readonly set: readonly string[];
}

export interface Asked {
  /** Default: those of the paper. One that is named twice is run once. */
  readonly recipes?: readonly string[] | undefined;
  /** How many, from 0. */
  readonly seeds: number;
  readonly set: readonly string[];
}

const SAMPLERS = 'samplers=';

/** Those of the experiment that `--set samplers=` names; all where it does not. @throws UsageError for another one */
function samplersOf({ name, samplers }: Experiment, set: readonly string[]): readonly string[] {
  const asked = set.find((setting) => setting.startsWith(SAMPLERS));
  if (asked === undefined) return samplers;
  const names = asked.slice(SAMPLERS.length).split(',');
  const other = names.find((one) => !samplers.includes(one));
  if (other === undefined) return samplers.filter((one) => names.includes(one));
  throw new UsageError(
    `${name} is of the samplers ${samplers.join(', ')}, but --set ${asked} names "${other}"; name some of them, or none.`,
  );
}

/** A variant's options, as `--set` takes them. */
export const settingsOf = ({ options }: Variant): string[] =>
  Object.entries(options).map(([key, value]) => `${key}=${value}`);

/** The options of a variant, and those of its baseline, without which its rows would have the wrong name. */
const optionsSetBy = (options: Variant['options']): string[] =>
  [...Object.keys(options), ...Object.keys(BASELINES[options.baseline ?? 'none'].options)].filter(
    (key) => key !== 'samplers',
  );

/**
 * @returns a run a recipe, seed and variant: all samplers and classifiers of a seed share one, so that nothing is trained twice
 * @throws UsageError for a sampler that the experiment has not, or an option that it sets itself
 */
export function wantedRuns(experiment: Experiment, { recipes, seeds, set }: Asked): WantedRun[] {
  const samplers = samplersOf(experiment, set);
  const others = set.filter((setting) => !setting.startsWith(SAMPLERS));
  const own = new Set(experiment.variants.flatMap(({ options }) => optionsSetBy(options)));
  const taken = others.find((setting) => own.has(setting.split('=')[0]!));
  if (taken !== undefined)
    throw new UsageError(`${experiment.name} sets that option itself, but got --set ${taken}; leave it out.`);
  return [...new Set(recipes ?? experiment.recipes)].flatMap((recipe) =>
    Array.from({ length: seeds }, (_, seed) =>
      experiment.variants.map((variant) => {
        return {
          recipe,
          seed,
          variant,
          samplers,
          set: [...others, ...settingsOf(variant), `${SAMPLERS}${samplers.join(',')}`],
        };
      }),
    ).flat(),
  );
}

/** As `longtail run` names it; a variant has its own behind. */
export const folderName = (recipe: string, { seed, variant }: Pick<WantedRun, 'seed' | 'variant'>): string =>
  `${recipe}-seed-${seed}${variant.name && `-${variant.name}`}`;

/** As tables call it: its name, or its module's without folder and ending. */
export const recipeLabel = (recipe: string): string => basename(withoutEnding(recipe));
