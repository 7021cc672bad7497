/** A store of features by somebody's checkpoint. */
import { readCheckpoint } from '../checkpoint-file.ts';
import type { CheckpointOptions } from '../evaluate-checkpoint.ts';
import { loadCheckpoint } from '../load-checkpoint.ts';
import type { RecipeData } from '../recipe.ts';
import type { Parts } from '../run-stamp.ts';
import { type Extracted, extractStore, type StoreJob, type StoreOptions } from './extract-store.ts';
import type { Layer } from './layers.ts';
import { networkOf } from './network.ts';

export type StoreWork = StoreOptions &
  Pick<StoreJob, 'seed' | 'signal' | 'onProgress'> & { readonly layer: Layer };

/**
 * @param out the folder of the store
 * @param path of the checkpoint; a classifier in it is not needed
 * @param data asked for once the checkpoint is known to fit
 * @param options.of what else the numbers depend on: recipe and engine
 * @throws DataError for a checkpoint that does not fit, and as {@link extractStore}
 */
export async function storeOfCheckpoint(
  out: string,
  { path, data }: { path: string; data: () => Promise<RecipeData> },
  { of, layer, ...options }: CheckpointOptions & StoreWork & { of: Parts },
): Promise<Extracted> {
  const file = await readCheckpoint(path);
  const { backbone, prefix } = loadCheckpoint(file, options);
  try {
    const { recipe, onBadImage = 'fail' } = options;
    const network = networkOf(backbone, { layer, statistics: recipe.statistics });
    const weights = `sha256 ${file.sha256}`;
    const job = { ...options, onBadImage, of: { weights, prefix, layer, ...of } };
    return await extractStore(out, network, await data(), job);
  } finally {
    backbone.dispose();
  }
}
