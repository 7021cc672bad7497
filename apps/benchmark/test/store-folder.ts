/** Stores of features as tests make them: a small network on pictures of noise, in this process. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cifarResNet } from '@longtail/backbones';
import { compose, horizontalFlip, padAndCrop } from '@longtail/datasets';
import type { Recipe, RecipeData } from '../src/recipe.ts';
import { type Extracted, extractStore, type StoreJob } from '../src/store/extract-store.ts';
import type { Layer } from '../src/store/layers.ts';
import { type Network, networkOf } from '../src/store/network.ts';
import { recipe, tinyPictures } from './tiny-run.ts';

export const pictures: RecipeData = tinyPictures();
const augmenting: Recipe = { ...recipe, augment: compose(padAndCrop(2), horizontalFlip()) };

/** @param options.network default: a ResNet-8 of 64 features */
export async function storeIn(
  folder: string,
  { layer = 'last', network, ...options }: Partial<StoreJob> & { layer?: Layer; network?: Network } = {},
): Promise<Extracted> {
  const backbone = cifarResNet({ depth: 8, seed: 0 });
  try {
    return await extractStore(
      folder,
      network ?? networkOf(backbone, { layer, statistics: recipe.statistics }),
      pictures,
      {
        recipe: augmenting,
        seed: 0,
        onBadImage: 'fail',
        of: { weights: 'drawn', layer },
        signal: new AbortController().signal,
        shardRows: 5,
        ...options,
      },
    );
  } finally {
    backbone.dispose();
  }
}

/** Every file of a folder and the checksum of its bytes. */
export function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const sums = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')];
  });
  return Object.fromEntries(sums.sort());
}
