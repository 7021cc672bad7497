/** What the processes of one training sum in each step. */
import type { Backbone } from '@longtail/backbones';
import { DataError, UsageError } from '@longtail/core';
import type { Head } from '@longtail/heads';
import { gradientExchange } from './gradient-exchange.ts';
import type { Ranks } from './ranks.ts';
import type { Recipe } from './recipe.ts';
import type { Step } from './train-step.ts';
import { trainedVariables } from './trained-parts.ts';

export type Sharing = Pick<Step, 'exchange' | 'sharedMoments'>;

/**
 * @param options.mixing mixup's alpha
 * @returns nothing for one process
 * @throws UsageError for what several processes cannot share: mixup, and --sync-bn of a batch in parts
 */
export function sharingOf(
  { backbone, joint }: { backbone: Backbone; joint: Head },
  {
    recipe,
    ranks: { collective, size, syncBn = false },
    microBatch,
    mixing,
  }: { recipe: Pick<Recipe, 'frozen'>; ranks: Ranks; microBatch: number; mixing: number },
): Sharing {
  if (!collective) return {};
  if (mixing > 0)
    throw new UsageError(
      `mixup takes partners from the whole batch, of which each of ${size} processes reads a part; start one process, or leave mixup out.`,
    );
  const exchange = gradientExchange(collective, trainedVariables(backbone, recipe), {
    same: joint.trainable,
  });
  if (!syncBn) return { exchange };
  if (microBatch > 0)
    throw new UsageError(
      '--sync-bn takes the whole batch at once; leave microBatch out, or start more processes.',
    );
  return { exchange, sharedMoments: (numbers) => collective.reduceArrays([numbers]) };
}

/** @throws DataError of a process that has no part in the moments of a batch's norms, which the others wait for */
export function expectReadable(pictures: number, { syncBn = false }: Ranks): void {
  if (syncBn && pictures === 0)
    throw new DataError(
      'expected a picture of each batch for each process, which --sync-bn needs, but one can read none of its own; mend the set, or leave --sync-bn out.',
    );
}
