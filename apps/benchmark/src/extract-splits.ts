/** f(x) of every split that a recipe has, all seen by one evaluation transform. */
import type { Backbone } from '@longtail/backbones';
import type { Dataset } from '@longtail/datasets';
import { evaluationTransform } from './evaluation-transform.ts';
import { type ExtractedFeatures, extractFeatures, type FeatureSets } from './extract-features.ts';
import type { Recipe, RecipeData } from './recipe.ts';

/**
 * @returns the features, and the transform in words
 * @throws DataError for a picture that cannot be read, and as {@link evaluationTransform}
 */
export async function extractSplits(
  backbone: Backbone,
  { train, validation, test }: RecipeData,
  {
    recipe,
    onBadImage = 'fail',
    signal,
    onProgress,
  }: {
    recipe: Pick<Recipe, 'name' | 'augment' | 'evaluate' | 'statistics'>;
    onBadImage?: 'fail' | 'skip';
    signal?: AbortSignal;
    onProgress?: (done: number, total: number, split: string) => void;
  },
): Promise<FeatureSets & { transform: string }> {
  const sets = { train, ...(validation && { validation }), test };
  const { transform, text } = await evaluationTransform(recipe, sets, { onBadImage });
  const total = train.length + (validation?.length ?? 0) + test.length;
  let done = 0;
  const features = (set: Dataset): Promise<ExtractedFeatures> =>
    extractFeatures(backbone, set, {
      statistics: recipe.statistics,
      transform,
      onBadImage,
      ...(signal && { signal }),
      onBatch(images) {
        done += images;
        onProgress?.(done, total, set.name);
      },
    });
  return {
    train: await features(train),
    ...(validation && { validation: await features(validation) }),
    test: await features(test),
    transform: text,
  };
}
