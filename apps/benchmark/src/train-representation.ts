/** Stage 1 (section 3): backbone and joint linear head together, under one sampler. */
import type { Backbone } from '@longtail/backbones';
import { classCounts, UsageError } from '@longtail/core';
import { cosineHead, type Head, linearHead } from '@longtail/heads';
import type { Loss } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { experts } from './experts.ts';
import { findLoss } from './losses.ts';
import { loadPretrained } from './pretrained.ts';
import type { Recipe, RecipeData } from './recipe.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { findSampler, samplerLabel } from './samplers.ts';
import { type TrainingRun, trainNetwork } from './train-network.ts';
import { trainedParts } from './trained-parts.ts';

export interface TrainOptions extends TrainingRun {
  readonly sampler: string;
}

/**
 * Backbone as the recipe begins it, with the weights of `pretrained` where a file is named, the joint head that the loss is
 * of, and what makes the loss of the training counts.
 *
 * @throws DataError when the file is missing, damaged, or of another network; UsageError for experts of another loss
 */
export async function beginRepresentation(
  recipe: Recipe,
  { train }: RecipeData,
  { seed, options }: { seed: number; options: RecipeOptions },
): Promise<{ backbone: Backbone; joint: Head; makeLoss: () => Loss }> {
  const { default: make, logits } = await findLoss(options.loss);
  const numClasses = train.classNames.length;
  const counts = () => classCounts(train.labels, { numClasses });
  const count = options.experts;
  if (count > 1 && options.loss !== 'logit-adjusted')
    throw new UsageError(`experts are trained by loss=logit-adjusted, but the loss is ${options.loss}.`);
  const backbone = recipe.backbone({ seed });
  if (options.pretrained)
    await loadPretrained(backbone, options.pretrained).catch((error) => {
      backbone.dispose();
      throw error;
    });
  const size = { featureDim: backbone.featureDim, numClasses, seed };
  if (count > 1) {
    const { joint, makeLoss } = experts({ ...size, count });
    return { backbone, joint, makeLoss: () => makeLoss(counts()) };
  }
  const joint = logits === 'cosine' ? cosineHead(size) : linearHead(size);
  return { backbone, joint, makeLoss: () => make(counts(), { epochs: options.epochs, seed }) };
}

/** Trains to the last epoch, from where the file at `path` is. @throws as trainNetwork */
export async function trainRepresentation(
  recipe: Recipe,
  data: RecipeData,
  { sampler: name, ...run }: TrainOptions,
): Promise<void> {
  const { options, seed } = run;
  const { epochs, batchSize, weightDecay } = options;
  const make = await findSampler(name);
  const { backbone, joint, makeLoss } = await beginRepresentation(recipe, data, { seed, options });
  const optimizer = sgd(trainedParts({ backbone, joint }, recipe), { weightDecay });
  try {
    await trainNetwork({ backbone, joint, optimizer }, data.train, {
      ...run,
      recipe,
      sampler: make(data.train.labels, { seed, epochs }),
      label: samplerLabel(name),
      loss: makeLoss(),
      schedule: recipe.schedule(options),
      epochs,
      batchSize,
      mixup: options.mixup,
    });
  } finally {
    optimizer.dispose();
    joint.dispose();
    backbone.dispose();
  }
}
