/** Stored features of any format, and labels that lie in a file of their own. */
import { type OpenOptions, withContents } from '../readers.ts';
import type { SourceLike } from '../source.ts';
import { arrayFeatures, arrayLabels } from './array-features.ts';
import type { FeatureSet } from './feature-set.ts';
import { tableFeatures, tableLabels } from './table-features.ts';

export interface FeatureOptions extends OpenOptions {
  /** The array of features, or the columns; default: the one with a usual name, or the only one; every other column. */
  features?: string | readonly string[];
  /** The array or column of labels; default: the one named labels, label, targets, target or y, if there is one. */
  labels?: string;
}

/**
 * Opens stored features; of arrays, only headers and labels are read, whatever the size of the file.
 *
 * @param source a path, bytes, or a Blob such as a browser's File
 * @throws DataError naming the file, and the byte, line or row, where it does not hold what it should; InputError when the
 *   format is unknown
 * @example
 * const features = await openFeatures('trainfeat_all.pkl');
 * const batch = await features.rows(0, 512); // Float32Array [512, features.dim]
 * await features.close();
 */
export async function openFeatures(source: SourceLike, options: FeatureOptions = {}): Promise<FeatureSet> {
  return withContents(source, options, (opened, { arrays, table }) =>
    table ? tableFeatures(opened, table, options) : arrayFeatures(opened, arrays ?? [], options),
  );
}

/**
 * Labels [n] from a file of labels: its only array or column, or the one that is named (or has a usual name).
 *
 * @throws DataError and InputError as {@link openFeatures}
 * @example
 * const labels = await readLabels('train_labels.npy'); // Int32Array
 */
export async function readLabels(
  source: SourceLike,
  options: Omit<FeatureOptions, 'features'> = {},
): Promise<Int32Array> {
  return withContents(source, options, async (opened, { arrays, table }) => {
    const labels = await (table
      ? tableLabels(opened, table, options)
      : arrayLabels(opened, arrays ?? [], options));
    await opened.close();
    return labels;
  });
}
