/**
 * Pictures in Parquet, as Hugging Face's datasets keeps them: a column `image` of {bytes, path}, a column of labels, and the
 * classes' names in the footer. The bytes lie in compressed pages, so the whole page of a picture is read (of pyarrow's up to 1024
 * rows, or a row group), and the latest 128 MiB are kept: a shuffled epoch reads most pages again and again, which small
 * row groups make cheap. Threads have nothing to read by offset, so `batches` prepares such a set in its own thread, and packs
 * are not made of it.
 */
import { basename } from 'node:path';
import { checkOptions, checkStrings, DataError, InputError, shown } from '@longtail/core';
import { type ArrayFile, openArrays, readLabels } from '@longtail/formats';
import { expectNames, expectPath } from '../arguments.ts';
import type { Dataset, Picture } from '../dataset.ts';
import { decode } from '../decode.ts';
import { fileSource } from '../file-source.ts';

export interface PictureParquetOptions {
  readonly name?: string;
  /** Column of the pictures: {bytes, path}, or bytes. */
  readonly image?: string;
  /** Column of the labels: integers, or texts, which are numbered in sorted order. */
  readonly label?: string;
  /** Of the training set; default: what the footer says, or the labels. */
  readonly classNames?: readonly string[];
}

/**
 * @param paths of the files, in the order of their pictures: `train-00000-of-00002.parquet`, `train-00001-of-00002.parquet`
 * @throws DataError naming file and row, when a column is not there, a row has no label, or a class is not known
 * @example
 * const train = await pictureParquet(['train-00000-of-00002.parquet', 'train-00001-of-00002.parquet']);
 * const test = await pictureParquet('test-00000-of-00001.parquet', { classNames: train.classNames });
 */
export async function pictureParquet(
  paths: string | readonly string[],
  options: PictureParquetOptions = {},
): Promise<Dataset> {
  const { image = 'image', label = 'label', classNames } = checkOptions(options, { of: 'pictureParquet' });
  checkStrings({ image, label });
  if (classNames !== undefined) expectNames('classNames', classNames);
  const shards: Shard[] = [];
  for (const path of [paths].flat()) {
    expectPath('the path of a Parquet file', path);
    shards.push(await openShard(path, image, shards.at(-1)?.end ?? 0));
  }
  if (shards.length === 0) throw new InputError('expected the path of a Parquet file, but got none.');
  const { labels, names } = await labelsOf(shards, label, classNames ?? namesIn(shards[0]!, label));
  const { name: title = basename(shards[0]!.path) } = options;
  checkStrings({ name: title });
  const read = (index: number) => readPicture(shardOf(shards, index, title), index);
  return { name: title, length: labels.length, labels, classNames: names, read };
}

interface Shard {
  readonly path: string;
  readonly file: ArrayFile;
  /** The column of the bytes. */
  readonly column: string;
  /** Pictures [start, end) of the set. */
  readonly start: number;
  readonly end: number;
}

async function openShard(path: string, image: string, start: number): Promise<Shard> {
  const file = await openArrays(await fileSource(path), { format: 'parquet' });
  const found = [`${image}.bytes`, image].flatMap(
    (name) => file.arrays.find((array) => array.name === name) ?? [],
  );
  const [column] = found;
  if (column) return { path, file, column: column.name, start, end: start + column.shape[0]! };
  const names = file.arrays.slice(0, 20).map((array) => `"${array.name}"`);
  throw new DataError(
    `${path}: expected a column "${image}" of pictures, but the columns are ${names.join(', ')}; name it with \`image\`.`,
    { path, image },
  );
}

/** `ClassLabel`'s names, as datasets writes its features into the footer. */
function namesIn({ file }: Shard, label: string): readonly string[] | undefined {
  try {
    const names = JSON.parse(file.metadata.huggingface ?? '{}')?.info?.features?.[label]?.names;
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    return undefined;
  }
}

/** More are numbers of something else. */
const MAX_CLASSES = 2 ** 20;

/** Of all shards, numbered alike. */
async function labelsOf(
  shards: readonly Shard[],
  label: string,
  classNames: readonly string[] | undefined,
): Promise<{ labels: Int32Array; names: readonly string[] }> {
  const options = { format: 'parquet', labels: label, ...(classNames && { classNames }) } as const;
  const sets: Awaited<ReturnType<typeof readLabels>>[] = [];
  for (const { path } of shards) sets.push(await readLabels(path, options));
  const named = sets.filter((set) => set.classNames).length;
  if (named > 0 && named < sets.length)
    throw new DataError(
      `${shards[0]!.path}: expected labels of one kind in all files, but some are texts, some numbers.`,
      {
        path: shards[0]!.path,
      },
    );
  const labels = new Int32Array(shards.at(-1)!.end);
  const names = classNames ?? [...new Set(sets.flatMap((set) => set.classNames ?? []))].sort();
  const numberOf = new Map(names.map((name, i) => [name, i]));
  for (const [i, { labels: own, classNames: texts }] of sets.entries())
    labels.set(classNames || !texts ? own : own.map((c) => numberOf.get(texts[c]!)!), shards[i]!.start);
  if (named > 0) return { labels, names };
  const classes = labels.reduce((largest, c) => Math.max(largest, c), -1) + 1;
  if (classes <= MAX_CLASSES) return { labels, names: Array.from({ length: classes }, (_, c) => String(c)) };
  throw new DataError(
    `${shards[0]!.path}: expected labels below ${MAX_CLASSES}, but one is ${classes - 1}; number the classes from 0.`,
    {
      path: shards[0]!.path,
    },
  );
}

function shardOf(shards: readonly Shard[], index: number, name: string): Shard {
  const shard = Number.isInteger(index) && shards.find(({ start, end }) => start <= index && index < end);
  if (shard) return shard;
  throw new InputError(
    `${name} has the pictures 0 to ${shards.at(-1)!.end - 1}, but ${shown(index)} was asked for.`,
    { index },
  );
}

async function readPicture({ path, file, column, start }: Shard, index: number): Promise<Picture> {
  const row = index - start;
  const [bytes] = await file.readBytes(column, { start: row, end: row + 1 });
  if (bytes) return decode(bytes, { source: `${path} (row ${row})` });
  throw new DataError(
    `${path}: expected the bytes of a picture in "${column}" at row ${row}, but there are none; write the set with embedded files (datasets: push_to_hub, or save with embed_external_files).`,
    { path, row },
  );
}
