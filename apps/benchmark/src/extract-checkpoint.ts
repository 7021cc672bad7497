/** Features of a recipe's splits by somebody's checkpoint, in the layout of a run's features.safetensors. */
import { readCheckpoint } from './checkpoint-file.ts';
import { type CheckpointOptions, type CheckpointRecord, recordOf } from './evaluate-checkpoint.ts';
import { type FeatureSets, saveFeatures } from './extract-features.ts';
import { extractSplits } from './extract-splits.ts';
import { loadCheckpoint } from './load-checkpoint.ts';
import type { RecipeData } from './recipe.ts';

/**
 * @param path of the checkpoint; a classifier in it is not needed
 * @param data the recipe's pictures, asked for once the checkpoint is known to fit the backbone
 * @param options.out the file to write
 * @throws DataError for a checkpoint that does not fit, and pictures that cannot be read; nothing is written then
 */
export async function extractCheckpoint(
  path: string,
  data: () => Promise<RecipeData>,
  { out, ...options }: CheckpointOptions & { out: string },
): Promise<{ features: FeatureSets; checkpoint: CheckpointRecord; evaluation: string }> {
  const start = performance.now();
  const file = await readCheckpoint(path);
  const loaded = loadCheckpoint(file, options);
  try {
    const { features, transform } = await extractSplits(loaded.backbone, await data(), options);
    const checkpoint = recordOf(file, loaded);
    const seconds = (performance.now() - start) / 1000;
    const of = { recipe: options.recipe.name, ...checkpoint };
    await saveFeatures(out, features, { seconds, transform, of });
    return { features, checkpoint, evaluation: transform };
  } finally {
    loaded.backbone.dispose();
  }
}
