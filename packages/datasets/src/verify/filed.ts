/** A split whose pictures are files, or parts of files: what there is to look at on disk. */
import type { Dataset, PictureFile } from '../dataset.ts';
import type { PictureList } from '../lists/picture-list.ts';

export interface FiledSplit {
  readonly split: string;
  readonly set: Dataset & { file(index: number): PictureFile };
  /** Of each picture once it was looked at; shape [length]. */
  readonly seen: Seen;
}

/** What tells pictures apart without reading the whole of each. */
export interface Seen {
  /** Bytes; 0 where it cannot be read. */
  readonly sizes: Float64Array;
  /** 64 bits of the SHA-256 of its last bytes, which hardly ever are the same in two compressed pictures. */
  readonly ends: BigUint64Array;
}

/** The splits that are of files, the training split first: what is there again is found in the others. */
export function filedSplits(splits: { readonly [split: string]: Dataset | undefined }): FiledSplit[] {
  const entries = Object.entries(splits);
  const train = entries.filter(([split]) => split === 'train');
  return [...train, ...entries.filter(([split]) => split !== 'train')].flatMap(([split, set]) => {
    if (!set?.file) return [];
    const seen = { sizes: new Float64Array(set.length), ends: new BigUint64Array(set.length) };
    return [{ split, set: set as FiledSplit['set'], seen }];
  });
}

/** Where a picture is listed, for messages. */
export function placeOf({ set }: FiledSplit, index: number): string {
  const { list } = set as { list?: PictureList };
  return list ? list.place(index) : `picture ${index} of ${set.name}`;
}
