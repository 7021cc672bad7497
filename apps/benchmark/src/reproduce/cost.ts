/** What a planned run still takes, by the measured rate of this machine or by what the recipe states. */
import type { Estimate } from '../estimate.ts';
import { passesOf } from '../head-features.ts';
import type { Recipe } from '../recipe.ts';
import type { RecipeOptions } from '../recipe-options.ts';
import { retrainedNames } from '../retrained-parts.ts';
import { samplerNames } from '../samplers.ts';
import { statedHours } from '../stated-hours.ts';
import type { SurveyedRun } from './survey.ts';

/** Of one representation. */
export interface Rate {
  /** Of stage 1, with its features. */
  readonly trainSeconds: number;
  /** Of what comes after. */
  readonly restSeconds: number;
  /** In bytes, of both; absent where nothing was measured. */
  readonly trainDisk?: number;
  readonly restDisk?: number;
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
    trainDisk: stage1.disk / networks,
    restDisk: (disk - stage1.disk) / networks,
    of: `on ${on} here, by a few measured steps`,
  };
}

/** Of a step, forward and backward. */
const FORWARD = 1 / 3;

/**
 * Epochs of stage 1 that stage 2 takes as long as: networks that are trained again (Table 1; the last block
 * alone takes less), and passes forward. Heads cost next to nothing.
 */
const epochsOfStage2 = (options: RecipeOptions): number =>
  retrainedNames(options).length * options.headEpochs + FORWARD * passesOf(options);

/** Undefined where the recipe states none. */
export function statedRate(recipe: Recipe, asked: RecipeOptions): Rate | undefined {
  const hours = statedHours(recipe, asked);
  if (hours === undefined) return undefined;
  return {
    trainSeconds: 3600 * hours,
    restSeconds: (3600 * hours * epochsOfStage2(asked)) / asked.epochs,
    of: `on ${recipe.cost!.on}, as the recipe states; without features of pictures as they are, and heads`,
  };
}

/** @param borrowed samplers whose stage 1 another run has */
export function costOf(
  { there, settings }: Pick<SurveyedRun, 'there' | 'settings'>,
  { trainSeconds, restSeconds, trainDisk, restDisk }: Rate,
  { borrowed }: { borrowed: ReadonlySet<string> },
): Cost {
  const left = there.filter(({ isDone }) => !isDone);
  const trains = left.filter(({ sampler }) => !borrowed.has(sampler));
  const epochs = trains.reduce((sum, { epoch }) => sum + 1 - Math.min(1, epoch / settings.options.epochs), 0);
  const seconds = epochs * trainSeconds + left.length * restSeconds;
  if (trainDisk === undefined || restDisk === undefined) return { seconds };
  return { seconds, disk: trains.length * trainDisk + left.length * restDisk };
}
