/** What a planned run still takes, by the measured rate of this machine or by what the recipe states. */
import type { Estimate } from '../estimate.ts';
import type { Recipe } from '../recipe.ts';
import { samplerNames } from '../samplers.ts';
import { statedHours } from '../stated-hours.ts';
import type { SurveyedRun } from './survey.ts';

/** Of one representation. */
export interface Rate {
  /** Of stage 1, with its features. */
  readonly trainSeconds: number;
  /** Of what comes after. */
  readonly restSeconds: number;
  /** In bytes; absent where nothing was measured. */
  readonly disk?: number;
  /** Such as `here, measured`. */
  readonly of: string;
}

export interface Cost {
  readonly seconds: number;
  readonly disk?: number;
}

export function measuredRate({ seconds, stage1, disk }: Estimate, samplers: string, on: string): Rate {
  const networks = samplerNames(samplers).length;
  return {
    trainSeconds: stage1.seconds / networks,
    restSeconds: (seconds - stage1.seconds) / networks,
    disk: disk / networks,
    of: `on ${on} here, by a few measured steps`,
  };
}

/** Undefined where the recipe states none. */
export function statedRate(recipe: Recipe, asked: { epochs: number }): Rate | undefined {
  const hours = statedHours(recipe, asked);
  if (hours === undefined) return undefined;
  return {
    trainSeconds: 3600 * hours,
    restSeconds: 0,
    of: `on ${recipe.cost!.on}, as the recipe states; stage 2 not counted`,
  };
}

/** @param borrowed samplers whose stage 1 another run has */
export function costOf(
  { there, settings }: Pick<SurveyedRun, 'there' | 'settings'>,
  { trainSeconds, restSeconds, disk }: Rate,
  { borrowed }: { borrowed: ReadonlySet<string> },
): Cost {
  const left = there.filter(({ isDone }) => !isDone);
  const trains = left.filter(({ sampler }) => !borrowed.has(sampler));
  const epochs = trains.reduce((sum, { epoch }) => sum + 1 - Math.min(1, epoch / settings.options.epochs), 0);
  const seconds = epochs * trainSeconds + left.length * restSeconds;
  return { seconds, ...(disk !== undefined && { disk: trains.length * disk }) };
}
