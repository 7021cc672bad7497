/** Which variables stage 1 trains, and how fast: all at one rate, or some stages and the joint head at two (Table 1, Places-LT). */
import { type Backbone, checkStages, trainable } from '@longtail/backbones';
import type { Head } from '@longtail/heads';
import type { Trained } from '@longtail/optim';
import type { Recipe } from './recipe.ts';

/**
 * The backbone's variables without those of frozen stages.
 *
 * @throws InputError when a stage is named that the backbone has not
 */
export function trainedVariables(
  backbone: Backbone,
  { frozen = [] }: Pick<Recipe, 'frozen'>,
): ReturnType<typeof trainable> {
  checkStages(backbone, frozen);
  const stages = backbone.stages.map(({ name }) => name).filter((name) => !frozen.includes(name));
  return trainable(backbone, { stages });
}

/** What the optimizer of stage 1 takes. @throws InputError as {@link trainedVariables} */
export function trainedParts(
  { backbone, joint }: { backbone: Backbone; joint: Head },
  { frozen, backboneRate = 1 }: Pick<Recipe, 'frozen' | 'backboneRate'>,
): Trained {
  const variables = trainedVariables(backbone, { ...(frozen && { frozen }) });
  if (backboneRate === 1) return [...variables, ...joint.trainable];
  return [{ variables, rate: backboneRate }, { variables: joint.trainable }];
}
