/** A store of features, read where it lies: rows by range or index as float32, in memory only what is asked for. */
import { join } from 'node:path';
import { checkOneOf, checkOptions, checkStrings, DataError, UsageError } from '@longtail/core';
import { openArrays } from '@longtail/formats';
import { openRowShards, type RowShards } from '@longtail/formats/row-shards';
import { readManifest, SPLITS, type SplitName, type StoredShard, type StoreManifest } from './manifest.ts';
import { plannedShards } from './plan.ts';
import { expectWhole } from './same-store.ts';
import { firstNotFinite } from './shard-rows.ts';
import { damageOf } from './write-shard.ts';

export interface FeatureStore extends Omit<RowShards, 'place'> {
  readonly folder: string;
  readonly split: SplitName;
  readonly manifest: StoreManifest;
  /** Class of each row, [N]; a picture has a row a view, view by view. */
  readonly labels: Int32Array;
  /** Position in the split of the picture of each row, [N]. */
  readonly pictures: Int32Array;
  readonly classNames: readonly string[];
}

export interface ReadStoreOptions {
  /** Default: train, or the only one that the store has. */
  readonly split?: SplitName;
  /** Whether to compare the checksum of each shard, a second or two for each GB. Default: true. */
  readonly verify?: boolean;
  /** What becomes of rows with NaN or infinities when they are read, which no extraction writes. Default: refuse. */
  readonly notFinite?: 'refuse' | 'keep';
}

/** @throws UsageError naming the splits that there are */
function splitOf({ splits }: StoreManifest, folder: string, wanted: SplitName | undefined): SplitName {
  const names = splits.map(({ name }) => name);
  const name = wanted ?? (names.length === 1 ? names[0]! : 'train');
  if (names.includes(name)) return name;
  throw new UsageError(`${folder} has the splits ${names.join(', ')}, but ${name} was asked for.`);
}

/** @throws DataError naming the shard */
async function expectUndamaged(
  folder: string,
  shards: readonly StoredShard[],
  verify: boolean,
): Promise<void> {
  for (const shard of shards) {
    const damage = await damageOf(folder, shard, { verify });
    if (damage === undefined) continue;
    throw new DataError(
      `expected the shard ${shard.file} of ${folder} as it was written, but ${damage}; extract again, which makes this shard anew, or take another copy of it.`,
      { folder, shard: shard.file },
    );
  }
}

/** `labels` and `indices` of a shard. @throws DataError naming it where its arrays are not what the manifest says */
async function numbersOf(
  path: string,
  { rows }: StoredShard,
  { dim, dtype, classNames }: StoreManifest,
): Promise<{ labels: Int32Array; indices: Int32Array }> {
  const file = await openArrays(path);
  try {
    const expected = {
      features: `${dtype} [${rows},${dim}]`,
      labels: `int32 [${rows}]`,
      indices: `int32 [${rows}]`,
    };
    for (const [name, text] of Object.entries(expected)) {
      const { dtype: type, shape } = file.arrays.find((array) => array.name === name) ?? {};
      if (`${type} [${shape}]` !== text)
        throw new DataError(
          `expected ${name} as ${text} in ${path}, but found ${type ? `${type} [${shape}]` : 'none'}; extract again.`,
          { path },
        );
    }
    const [labels, indices] = [await file.read('labels'), await file.read('indices')].map(
      ({ data }) => data as Int32Array,
    ) as [Int32Array, Int32Array];
    const row = labels.findIndex((label) => label < 0 || label >= classNames.length);
    if (row < 0) return { labels, indices };
    throw new DataError(
      `expected labels of ${classNames.length} classes in ${path}, but row ${row} has the label ${labels[row]}; extract again.`,
      { path, row },
    );
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

/** The same of all shards. */
async function allNumbers(
  folder: string,
  shards: readonly StoredShard[],
  manifest: StoreManifest,
): Promise<{ labels: Int32Array; pictures: Int32Array }> {
  const length = shards.reduce((sum, { rows }) => sum + rows, 0);
  const [labels, pictures] = [new Int32Array(length), new Int32Array(length)];
  let row = 0;
  for (const shard of shards) {
    const own = await numbersOf(join(folder, shard.file), shard, manifest);
    labels.set(own.labels, row);
    pictures.set(own.indices, row);
    row += shard.rows;
  }
  return { labels, pictures };
}

/** @throws DataError naming the shard and the row in it that holds NaN or an infinity */
function expectFinite(
  values: Float32Array<ArrayBuffer>,
  { dim, place }: RowShards,
  rowAt: (i: number) => number,
): typeof values {
  const bad = firstNotFinite(values, dim);
  if (bad < 0) return values;
  const { path, row } = place(rowAt(bad));
  throw new DataError(
    `expected finite features, but row ${row} of ${path} (row ${rowAt(bad)} of all) holds NaN or an infinity; extract again, or leave that row out.`,
    { path, row },
  );
}

/**
 * @param folder that `longtail extract --out` or `longtail features merge` wrote
 * @returns rows, labels and names of one split
 * @throws DataError naming the shard that is missing or damaged; UsageError for a split that is not there
 * @example
 * using store = await readFeatureStore('features', { split: 'train' });
 * const rows = store.rows(0, 512); // Float32Array [512 * store.dim]
 */
export async function readFeatureStore(
  folder: string,
  options: ReadStoreOptions = {},
): Promise<FeatureStore> {
  checkStrings({ folder });
  const {
    split: wanted,
    verify = true,
    notFinite = 'refuse',
  } = checkOptions(options, { of: 'readFeatureStore' });
  if (wanted !== undefined) checkOneOf({ split: wanted }, SPLITS);
  checkOneOf({ verify }, [true, false]);
  checkOneOf({ notFinite }, ['refuse', 'keep']);
  const manifest = await readManifest(folder);
  const split = splitOf(manifest, folder, wanted);
  expectWhole(folder, manifest);
  const files = new Set(
    plannedShards(manifest.splits.find(({ name }) => name === split)!, manifest).map(({ file }) => file),
  );
  const shards = manifest.shards.filter(({ file }) => files.has(file));
  await expectUndamaged(folder, shards, verify);
  const found = await allNumbers(folder, shards, manifest);
  const opened = openRowShards(shards.map(({ file }) => join(folder, file)));
  const { length, dim, dtype } = opened;
  const { classNames } = manifest;
  const checked = (values: Float32Array<ArrayBuffer>, rowAt: (i: number) => number): typeof values =>
    notFinite === 'keep' ? values : expectFinite(values, opened, rowAt);
  return {
    ...{ folder, split, manifest, length, dim, dtype, classNames },
    ...found,
    rows: (start, end) => checked(opened.rows(start, end), (i) => start + i),
    at: (indices) => checked(opened.at(indices), (i) => indices[i]!),
    close: opened.close,
    [Symbol.dispose]: opened.close,
  };
}
