/**
 * A folder of pictures through an ONNX model of one's own, kept as a store of features: `rebalance FOLDER --onnx MODEL`. The same pictures
 * and model find the store again, and one that was stopped goes on.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { cacheFolder } from '@longtail/engine';
import { fingerprints } from '../data-fingerprint.ts';
import { sha256Of } from '../file-hash.ts';
import { folderSource } from '../folder-source.ts';
import { storeOfOnnx } from '../store/of-onnx.ts';

/**
 * @param folder `train/CLASS` and `test/CLASS` or `val/CLASS`; lists of `path label`; or `CLASS` alone, of which nothing is held out
 * @returns the folder of the store
 * @throws DataError for a folder without pictures, or one that cannot be read; EngineError without onnxruntime-node
 */
export async function embedPictures(
  folder: string,
  {
    model,
    signal,
    onProgress,
  }: { model: string; signal: AbortSignal; onProgress: (done: number, total: number, note: string) => void },
): Promise<string> {
  const { splits, ...recipe } = folderSource(folder);
  const data = await recipe.data({ data: folder, cache: '', seed: 0 });
  const of = JSON.stringify([await fingerprints(data), await sha256Of(model), splits === undefined]);
  const id = createHash('sha256').update(of).digest('hex').slice(0, 12);
  const store = join(cacheFolder(), 'embeddings', `${basename(folder)}-${basename(model, '.onnx')}-${id}`);
  await storeOfOnnx(
    store,
    { path: model, data },
    {
      ...(splits && { splits }),
      recipe,
      seed: 0,
      signal,
      onProgress,
      onBadImage: 'fail',
      of: { backend: 'onnxruntime-node' },
    },
  );
  return store;
}
