/** What there is to know of a set before anything is trained: pictures a class, their imbalance, the groups. */
import { classCounts } from '@longtail/core';
import { type Dataset, type SplitName, splitNotes } from '@longtail/datasets';
import { classGroups, type GroupRule, gini, imbalanceFactor } from '@longtail/metrics';
import type { OpenedDataset } from './datasets.ts';

export interface SplitStatistics {
  readonly pictures: number;
  /** Pictures of the largest and the smallest class that has any. */
  readonly largest: number;
  readonly smallest: number;
  readonly emptyClasses: number;
  readonly imbalanceFactor: number;
  /** 0 when all classes are equal, near 1 when one has nearly all. */
  readonly gini: number;
  /** Of a subset: SHA-256 of the pictures that it keeps. */
  readonly subset?: string;
}

/** Classes of `from` to `to` training pictures. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly classes: number;
  readonly pictures: number;
}

export interface DatasetStatistics {
  readonly dataset: string;
  readonly numClasses: number;
  readonly splits: Readonly<Partial<Record<SplitName, SplitStatistics>>>;
  /** By the training pictures; null without a training split, as the histogram and the counts. */
  readonly groups: {
    readonly rule: GroupRule;
    readonly many: number;
    readonly medium: number;
    readonly few: number;
  } | null;
  readonly histogram: readonly HistogramBin[] | null;
  /** Training pictures of each class, by label. */
  readonly trainCounts: readonly number[] | null;
  /** What is worth knowing, in sentences: what is not there, what was left out. */
  readonly notes: readonly string[];
  readonly classNames: readonly string[];
  readonly evaluation?: { readonly split: SplitName; readonly caveat: string };
}

/** Beginnings of the bins: about two a power of ten, and where the official groups end. */
const EDGES = [1, 2, 5, 10, 20, 50, 101, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000];

/** @param counts n_c; classes without pictures are in no bin */
export function histogram(counts: ArrayLike<number>): HistogramBin[] {
  const all = Array.from(counts);
  const bins = EDGES.map((from, i) => {
    const to = (EDGES[i + 1] ?? Number.POSITIVE_INFINITY) - 1;
    const inside = all.filter((n) => n >= from && n <= to);
    return { from, to, classes: inside.length, pictures: inside.reduce((a, b) => a + b, 0) };
  });
  const first = bins.findIndex(({ classes }) => classes > 0);
  return bins.slice(Math.max(0, first), bins.findLastIndex(({ classes }) => classes > 0) + 1);
}

function ofSplit(set: Dataset, { classNames }: Pick<Dataset, 'classNames'>): SplitStatistics {
  const counts = classCounts(set.labels, { numClasses: classNames.length });
  const present = counts.filter((n) => n > 0);
  return {
    pictures: set.length,
    largest: present.reduce((a, b) => Math.max(a, b)),
    smallest: present.reduce((a, b) => Math.min(a, b)),
    emptyClasses: counts.length - present.length,
    imbalanceFactor: imbalanceFactor(counts),
    gini: gini(counts),
    ...('hash' in set && { subset: set.hash as string }),
  };
}

/** What the training pictures tell: no other split's counts may pass for theirs. */
function ofTrain(
  train: Dataset | undefined,
  groupRule: GroupRule,
): Pick<DatasetStatistics, 'groups' | 'histogram' | 'trainCounts'> {
  if (!train) return { groups: null, histogram: null, trainCounts: null };
  const counts = classCounts(train.labels, { numClasses: train.classNames.length });
  const { many, medium, few } = classGroups(counts, { groupRule });
  return {
    groups: { rule: groupRule, many: many.length, medium: medium.length, few: few.length },
    histogram: histogram(counts),
    trainCounts: [...counts],
  };
}

const NO_TRAIN =
  'there is no training split here, so no groups and no histogram of training pictures; put its list or folder beside the others.';

/** @param options.groupRule what counts as many and few */
export function datasetStatistics(
  dataset: string,
  { splits, published }: OpenedDataset,
  { groupRule }: { groupRule: GroupRule },
): DatasetStatistics {
  const all = Object.entries(splits) as [SplitName, Dataset][];
  const { train } = splits;
  const { classNames } = train ?? all[0]![1];
  return {
    dataset,
    numClasses: classNames.length,
    splits: Object.fromEntries(all.map(([split, set]) => [split, ofSplit(set, train ?? set)])),
    ...ofTrain(train, groupRule),
    notes: [...(train ? [] : [NO_TRAIN]), ...splitNotes(splits).map(({ message }) => message)],
    classNames,
    ...(published && { evaluation: published.evaluation }),
  };
}
