/** A folder of pictures that no recipe is about: its splits as they lie there, seen as most published networks see photos. */
import { basename, join } from 'node:path';
import {
  centerCrop,
  compose,
  type Dataset,
  IMAGENET_LT,
  imageFolder,
  pictureList,
  resizeShortSide,
} from '@longtail/datasets';
import { layoutOf } from './new-recipe/look.ts';
import type { PictureSource, RecipeData } from './recipe.ts';
import type { SplitName } from './store/manifest.ts';

/** Short side and middle, by ImageNet's mean and deviation. */
const [SHORT_SIDE, CROP] = [256, 224];

async function pictures(folder: string): Promise<RecipeData> {
  const layout = layoutOf(folder);
  if (layout.kind === 'held-out') {
    const train = await imageFolder(folder);
    return { train, test: train };
  }
  const open = (name: string, classNames?: readonly string[]): Promise<Dataset> => {
    const path = join(folder, name);
    const same = classNames && { classNames };
    return layout.kind === 'folders'
      ? imageFolder(path, { ...same })
      : pictureList(path, { root: folder, ...same });
  };
  const train = await open(layout.train);
  const { classNames } = train; // labels mean the same in every split
  const validation = layout.validation && (await open(layout.validation, classNames));
  return { train, ...(validation && { validation }), test: await open(layout.test, classNames) };
}

/**
 * @param folder `train/CLASS` and `test/CLASS` or `val/CLASS`; lists of `path label`; or `CLASS` alone, of which nothing is held out
 * @returns with the splits that there are, where a part is absent
 * @throws DataError when it is no folder
 */
export function folderSource(folder: string): PictureSource & { splits?: readonly SplitName[] } {
  const look = compose(resizeShortSide(SHORT_SIDE), centerCrop(CROP));
  return {
    name: basename(folder),
    augment: look,
    evaluate: look,
    statistics: IMAGENET_LT.statistics,
    data: () => pictures(folder),
    ...(layoutOf(folder).kind === 'held-out' && { splits: ['train'] }),
  };
}
