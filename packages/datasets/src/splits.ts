/** A set's splits belong together: a label means the class that it means in the training set. */
import { checkLists, checkOptions, DataError } from '@longtail/core';
import { checkDataset, checkSplits } from './checked-dataset.ts';
import type { Dataset } from './dataset.ts';

/**
 * A split may lack pictures of classes, and its class names may end before those of the training set; none may be
 * another. Without a training set there is nothing to compare with.
 *
 * @throws DataError that names the first class that differs
 * @example
 * expectSameClasses({ train, validation, test });
 */
export function expectSameClasses(splits: { readonly [split: string]: Dataset | undefined }): void {
  checkSplits(splits);
  const known = splits.train?.classNames;
  if (!known) return;
  for (const [split, set] of Object.entries(splits)) {
    const label = set?.classNames.findIndex((name, c) => name !== known[c]) ?? -1;
    if (label < 0) continue;
    const expected =
      label < known.length ? `"${known[label]}", as in train` : `no class: train has ${known.length}`;
    throw new DataError(
      `expected label ${label} of ${split} (${set!.name}) to be ${expected}, but it is "${set!.classNames[label]}"; open ${split} with the classNames of train.`,
      { split, label },
    );
  }
}

/**
 * Names of the classes that a set has no picture of, by label.
 *
 * @param options.classNames of the training set
 */
export function lackingClasses(dataset: Dataset, options: { classNames: readonly string[] }): string[] {
  checkDataset(dataset);
  const { classNames } = checkOptions(options, { of: 'lackingClasses' });
  checkLists({ classNames });
  const has = new Uint8Array(classNames.length);
  for (const label of dataset.labels) has[label] = 1;
  return Array.from(classNames).filter((_, c) => !has[c]);
}
