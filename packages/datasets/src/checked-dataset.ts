/** Sets of one's own, whose parts are whatever JavaScript put there. */
import {
  checkFunctions,
  checkIntegers,
  checkLists,
  checkObjects,
  checkStrings,
  InputError,
} from '@longtail/core';
import { expectPath } from './arguments.ts';
import type { Dataset, PictureFile } from './dataset.ts';

/** @throws InputError naming the part of the contract that is not met; labels are not looked at */
export function checkDataset(dataset: Dataset): void {
  checkObjects({ 'a dataset': dataset });
  const { read, file, labels, length, name } = dataset;
  checkStrings({ 'the name of a dataset': name });
  checkFunctions({ 'read of a dataset': read });
  if (file !== undefined) checkFunctions({ 'file of a dataset': file });
  checkIntegers({ 'the length of a dataset': length }, { least: 0 });
  if (labels?.length !== length)
    throw new InputError(
      `${name} must have a label for each of its ${length} pictures, but it has ${labels?.length ?? 'none'}.`,
      { length, labels: labels?.length },
    );
  checkLists({ 'the labels of a dataset': labels });
}

/** @throws InputError as {@link checkDataset}, and for class names that are no list; a split may be undefined */
export function checkSplits(splits: { readonly [split: string]: Dataset | undefined }): void {
  checkObjects({ splits });
  for (const [split, set] of Object.entries(splits)) {
    if (set === undefined) continue;
    checkObjects({ [`the split ${split}`]: set });
    checkDataset(set);
    checkLists({ 'the classNames of a dataset': set.classNames });
  }
}

/** @throws InputError unless `file` of a dataset gave where a picture lies */
export function checkedFile(given: PictureFile, where: string): PictureFile {
  checkObjects({ [`file of ${where}`]: given });
  const { path, offset = 0, length = 0 } = given;
  expectPath(`the path of ${where}`, path);
  checkIntegers({ [`the offset of ${where}`]: offset, [`the length of ${where}`]: length }, { least: 0 });
  return given;
}
