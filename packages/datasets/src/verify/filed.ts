/** A split whose pictures are files, or parts of files: what there is to look at on disk. */
import type { Dataset, PictureFile } from '../dataset.ts';
import type { PictureList } from '../lists/picture-list.ts';

export interface FiledSplit {
  readonly split: string;
  readonly set: Dataset & { file(index: number): PictureFile };
  /** Bytes of each picture once it was looked at, 0 where that failed; shape [length]. */
  readonly sizes: Float64Array;
}

/** The splits that are of files. */
export function filedSplits(splits: { readonly [split: string]: Dataset | undefined }): FiledSplit[] {
  const filed = Object.entries(splits).flatMap(([split, set]) =>
    set?.file ? [{ split, set: set as FiledSplit['set'] }] : [],
  );
  return filed.map((one) => ({ ...one, sizes: new Float64Array(one.set.length) }));
}

/** Where a picture is listed, for messages. */
export function placeOf({ set }: FiledSplit, index: number): string {
  const { list } = set as { list?: PictureList };
  return list ? list.place(index) : `picture ${index} of ${set.name}`;
}
