/** Stored features of any format, and labels that lie in a file of their own. */
import { checkStrings } from '@longtail/core';
import { checkNames, checkOpenOptions, given } from '../check-options.ts';
import { type OpenOptions, withContents } from '../readers.ts';
import type { SourceLike } from '../source.ts';
import { arrayFeatures, arrayLabels } from './array-features.ts';
import type { FeatureSet } from './feature-set.ts';
import type { LabelSet } from './labels.ts';
import { tableFeatures, tableLabels } from './table-features.ts';

export interface FeatureOptions extends OpenOptions {
  /**
   * The array of features, or the columns. Default: the array with a usual name, or the only one; a column of lists, or every
   * column of numbers but the index: `notes` say what was left out.
   */
  features?: string | readonly string[];
  /**
   * The array or column of labels: whole numbers (floats and bools, too), or texts, which are numbered in sorted order.
   * Default: the first that fits of those named labels, label, targets, target, y, class, species, ... (the README has all);
   * false: none.
   */
  labels?: string | false;
  /** Of the training set, each different: labels are numbered by it, and one that it lacks is refused. */
  classNames?: readonly string[];
}

/**
 * Opens stored features; of arrays, only headers and labels are read, whatever the size of the file.
 *
 * @param source a path, bytes, or a Blob such as a browser's File
 * @throws DataError naming the file, and the byte, line or row, where it does not hold what it should; InputError when the
 *   format is unknown, or an option is none
 * @example
 * const features = await openFeatures('trainfeat_all.pkl');
 * const batch = await features.rows(0, 512); // Float32Array [512, features.dim]
 * await features.close();
 */
export async function openFeatures(source: SourceLike, options: FeatureOptions = {}): Promise<FeatureSet> {
  const { features, labels, classNames } = checkOpenOptions(options, { of: 'openFeatures' });
  checkNames(given({ classNames, features: typeof features === 'string' ? undefined : features }));
  if (labels !== false) checkStrings(given({ labels }));
  return withContents(source, options, (opened, { arrays, table }) =>
    table ? tableFeatures(opened, table, options) : arrayFeatures(opened, arrays ?? [], options),
  );
}

/**
 * Labels [n] from a file of labels: its only array or column, or the one that is named (or has a usual name).
 *
 * @throws DataError and InputError as {@link openFeatures}
 * @example
 * const { labels, classNames } = await readLabels('train_labels.csv'); // Int32Array, and names where labels are texts
 * const test = await readLabels('test_labels.csv', { classNames });
 */
export async function readLabels(
  source: SourceLike,
  options: Omit<FeatureOptions, 'features' | 'labels'> & { labels?: string } = {},
): Promise<LabelSet> {
  const { labels, classNames } = checkOpenOptions(options, { of: 'readLabels' });
  checkNames(given({ classNames }));
  checkStrings(given({ labels }));
  return withContents(source, options, async (opened, { arrays, table }) => {
    const labels = await (table
      ? tableLabels(opened, table, options)
      : arrayLabels(opened, arrays ?? [], options));
    await opened.close();
    return labels;
  });
}
