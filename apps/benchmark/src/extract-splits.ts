/** f(x) of the splits that a recipe has, all seen by one evaluation transform. */
import type { Backbone } from '@longtail/backbones';
import type { Dataset } from '@longtail/datasets';
import { evaluationTransform } from './evaluation-transform.ts';
import { type ExtractedFeatures, extractFeatures, type FeatureSets } from './extract-features.ts';
import type { Ranks } from './ranks.ts';
import type { Recipe, RecipeData } from './recipe.ts';

export interface ExtractOptions {
  readonly recipe: Pick<Recipe, 'name' | 'augment' | 'evaluate' | 'statistics'>;
  readonly onBadImage?: 'fail' | 'skip';
  readonly signal?: AbortSignal;
  /** Processes that see a share each; the first has the features of all. */
  readonly ranks?: Ranks;
  readonly onProgress?: (done: number, total: number, split: string) => void;
}

/** Sets one after another; the transform is chosen by the pictures of all of the recipe's splits. */
async function extractSets(
  backbone: Backbone,
  data: RecipeData,
  sets: readonly Dataset[],
  { recipe, onBadImage = 'fail', signal, ranks, onProgress }: ExtractOptions,
): Promise<{ found: ExtractedFeatures[]; transform: string }> {
  const { transform, text } = await evaluationTransform(recipe, data, { onBadImage });
  const total = sets.reduce((sum, { length }) => sum + length, 0);
  const found: ExtractedFeatures[] = [];
  let done = 0;
  for (const set of sets) {
    const onBatch = (images: number): void => {
      done += images;
      onProgress?.(done, total, set.name);
    };
    const reading = {
      statistics: recipe.statistics,
      transform,
      onBadImage,
      onBatch,
      ...(signal && { signal }),
      ...(ranks && { ranks }),
    };
    found.push(await extractFeatures(backbone, set, reading));
  }
  return { found, transform: text };
}

/**
 * @returns the features of every split, and the transform in words
 * @throws DataError for a picture that cannot be read, and as {@link evaluationTransform}
 */
export async function extractSplits(
  backbone: Backbone,
  data: RecipeData,
  options: ExtractOptions,
): Promise<{ features: FeatureSets; transform: string }> {
  const { train, validation, test } = data;
  const sets = validation ? [train, test, validation] : [train, test];
  const { found, transform } = await extractSets(backbone, data, sets, options);
  const [ofTrain, ofTest, ofValidation] = found;
  const features = { train: ofTrain!, ...(ofValidation && { validation: ofValidation }), test: ofTest! };
  return { features, transform };
}

/** The same of one split. */
export async function extractSplit(
  backbone: Backbone,
  data: RecipeData,
  set: Dataset,
  options: ExtractOptions,
): Promise<{ features: ExtractedFeatures; transform: string }> {
  const { found, transform } = await extractSets(backbone, data, [set], options);
  return { features: found[0]!, transform };
}
