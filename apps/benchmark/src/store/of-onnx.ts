/** A store of features by an ONNX model on a recipe's pictures, by onnxruntime-node where it is installed. */
import { onnxBackbone } from '@longtail/backbones/onnx';
import { random } from '@longtail/core';
import { evaluationTransform } from '../evaluation-transform.ts';
import { sha256Of } from '../file-hash.ts';
import type { Recipe, RecipeData } from '../recipe.ts';
import type { Parts } from '../run-stamp.ts';
import { type Extracted, extractStore, type StoreJob, type StoreOptions } from './extract-store.ts';

export type OnnxWork = StoreOptions &
  Pick<StoreJob, 'seed' | 'onBadImage' | 'signal' | 'onProgress' | 'of'> & {
    readonly recipe: Pick<Recipe, 'name' | 'augment' | 'evaluate' | 'statistics'>;
  };

/**
 * Pictures are normalised as the model's own metadata says, or by ImageNet's statistics; a model that takes any size is given that of
 * the recipe's first picture after its evaluation transform.
 *
 * @param out the folder of the store
 * @param path of the `.onnx` file; what it keeps in files beside it is not looked at for its checksum
 * @throws EngineError without onnxruntime-node; DataError, InputError for a model that does not fit, and as {@link extractStore}
 */
export async function storeOfOnnx(
  out: string,
  { path, data }: { path: string; data: RecipeData },
  { recipe, ...options }: OnnxWork,
): Promise<Extracted> {
  const { transform } = await evaluationTransform(recipe, data, options);
  const { height, width } = transform(await data.train.read(0), random(0, 'evaluate'));
  const model = await onnxBackbone(path, { size: [height, width] });
  try {
    const of: Parts = {
      weights: `sha256 ${await sha256Of(path)}`,
      statistics: JSON.stringify(model.statistics ?? 'none'),
      ...options.of,
    };
    return await extractStore(out, model, data, { ...options, recipe, of });
  } finally {
    await model.dispose();
  }
}
