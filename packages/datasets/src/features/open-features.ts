/** Stored features of any format, and labels that lie in a file of their own. */
import { extname } from 'node:path';
import { InputError } from '@longtail/core';
import { arrayFeatures, arrayLabels, type ReadArrays } from './array-features.ts';
import { csvTable } from './csv/table.ts';
import type { FeatureSet } from './feature-set.ts';
import { npyArray } from './npy.ts';
import { npzArrays } from './npz.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { parquetTable } from './parquet/table.ts';
import { pickledArrays } from './pickle/arrays.ts';
import { safetensorsArrays } from './safetensors.ts';
import { type ReadTable, tableFeatures, tableLabels } from './table-features.ts';

export type FeatureFormat = 'npy' | 'npz' | 'safetensors' | 'pickle' | 'csv' | 'tsv' | 'parquet';

export interface FeatureOptions {
  /** Default: what the file's extension says. */
  format?: FeatureFormat;
  /** The array of features, or the columns; default: the one with a usual name, or the only one; every other column. */
  features?: string | readonly string[];
  /** The array or column of labels; default: the one named labels, label, targets, target or y, if there is one. */
  labels?: string;
  /** CSV and TSV: whether the first row holds names; default: whether any of its fields is no number. */
  header?: boolean;
}

const EXTENSIONS: Record<string, FeatureFormat> = {
  '.npy': 'npy',
  '.npz': 'npz',
  '.safetensors': 'safetensors',
  '.pkl': 'pickle',
  '.pickle': 'pickle',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.parquet': 'parquet',
};
const ARRAYS: { [format: string]: ReadArrays } = {
  npy: (file) => [npyArray(file)],
  npz: npzArrays,
  safetensors: safetensorsArrays,
  pickle: pickledArrays,
};
const TABLES: { [format: string]: ReadTable } = {
  csv: (file, options) => csvTable(file, { ...options, delimiter: ',' }),
  tsv: (file, options) => csvTable(file, { ...options, delimiter: '\t' }),
  parquet: parquetTable,
};

function formatOf(path: string, format: string | undefined): string {
  const found = format ?? EXTENSIONS[extname(path).toLowerCase()];
  if (found !== undefined && (Object.hasOwn(ARRAYS, found) || Object.hasOwn(TABLES, found))) return found;
  throw new InputError(
    `${path}: expected a file of features whose name ends in ${Object.keys(EXTENSIONS).join(', ')}, but ${format === undefined ? 'it does not' : `the format "${format}" was named`}; name one of ${[...Object.keys(ARRAYS), ...Object.keys(TABLES)].join(', ')} with \`format\`.`,
    { path, format },
  );
}

/** The file stays open only if `use` succeeds. */
async function opened<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await use(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens stored features; of arrays, only headers and labels are read, whatever the size of the file.
 *
 * Formats: .npy and .npz (C order, stored), safetensors, pickles of a dict of NumPy arrays (protocols 2 to 5, read
 * without executing anything), CSV and TSV (a row a line), Parquet (a column of lists or a column a feature).
 * Elements: float16, bfloat16, float32, float64 of either byte order; labels of any integer type.
 *
 * @throws DataError naming the file, and the byte, line or row, where it does not hold what it should; InputError when the
 * format is unknown
 * @example
 * const features = await openFeatures('trainfeat_all.pkl');
 * const batch = await features.rows(0, 512); // Float32Array [512, features.dim]
 * await features.close();
 */
export async function openFeatures(path: string, options: FeatureOptions = {}): Promise<FeatureSet> {
  const format = formatOf(path, options.format);
  return opened(path, (file) =>
    ARRAYS[format]
      ? arrayFeatures(file, ARRAYS[format], options)
      : tableFeatures(file, TABLES[format]!, options),
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
  path: string,
  options: Omit<FeatureOptions, 'features'> = {},
): Promise<Int32Array> {
  const format = formatOf(path, options.format);
  return opened(path, async (file) => {
    const labels = await (ARRAYS[format]
      ? arrayLabels(file, ARRAYS[format], options)
      : tableLabels(file, TABLES[format]!, options));
    await file.close();
    return labels;
  });
}
