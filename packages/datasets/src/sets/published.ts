/** What is published about a set: sizes, groups, statistics, the checksums of its lists, and what to know of its test. */

export type SplitName = 'train' | 'validation' | 'test';

export interface PublishedList {
  /** Where it is looked for in the folder of the set; `.gz` behind it is fine. */
  readonly files: readonly string[];
  readonly lines: number;
  /** SHA-1 as git names the file's content: `git hash-object FILE`. Absent where none is published. */
  readonly gitBlob?: string;
}

export interface Published {
  readonly name: string;
  readonly numClasses: number;
  /** Of the training pictures. */
  readonly classCounts: {
    readonly total: number;
    readonly largest: number;
    readonly smallest: number;
    /** Classes of more than 100, 20 to 100, and fewer than 20 pictures. */
    readonly groups: { readonly many: number; readonly medium: number; readonly few: number };
    /** Of all counts, joined by commas. */
    readonly sha256: string;
  };
  /** Of each channel, 0..1, as the official recipe has them. */
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly lists: Readonly<Partial<Record<SplitName, PublishedList>>>;
  /** Which split the published numbers are of, and what to know about it. */
  readonly evaluation: { readonly split: SplitName; readonly caveat: string };
}

/** Of ImageNet's training pictures; Places' recipes take them as well. */
export const IMAGENET_STATISTICS: Published['statistics'] = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
