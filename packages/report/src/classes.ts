/** Classes in order of their training counts: the x axis of the long tail. */
import { GROUPS, type Group, type ReportedDataset } from './results.ts';

export interface RankedClass {
  readonly label: number;
  readonly name: string;
  /** n_c */
  readonly count: number;
  /** 1 is the class of most training pictures. */
  readonly rank: number;
  readonly group: Group;
}

/** Of results or of a set alone: what the ranks are made of. */
export interface ClassSizes {
  readonly dataset: Pick<ReportedDataset, 'trainCounts' | 'classNames' | 'groups'>;
}

/** All classes from head to tail; equal counts in label order. */
export function rankedClasses({ dataset }: ClassSizes): RankedClass[] {
  const groupOf = new Map(
    GROUPS.flatMap((group) => dataset.groups[group].map((label) => [label, group] as const)),
  );
  return dataset.trainCounts
    .map((count, label) => ({
      label,
      count,
      name: dataset.classNames[label] ?? String(label),
      group: groupOf.get(label)!,
    }))
    .sort((a, b) => b.count - a.count || a.label - b.label)
    .map((one, i) => ({ ...one, rank: i + 1 }));
}

export interface Bin {
  /** Mean rank of the classes in the bin. */
  readonly rank: number;
  readonly value: number;
}

/**
 * One value a class as at most `limit` points over the rank: beyond it, means of consecutive classes, which keep a
 * curve of 1000 classes readable and small. Classes without a value are left out.
 *
 * @param values by label, shape [C]
 */
export function binnedByRank(
  classes: readonly RankedClass[],
  values: readonly (number | null)[],
  { limit = 100 }: { limit?: number } = {},
): Bin[] {
  const width = Math.ceil(classes.length / limit);
  const bins: Bin[] = [];
  for (let from = 0; from < classes.length; from += width) {
    const known = classes
      .slice(from, from + width)
      .flatMap(({ rank, label }) =>
        Number.isFinite(values[label]) ? [{ rank, value: values[label]! }] : [],
      );
    const mean = (key: keyof Bin) => known.reduce((sum, one) => sum + one[key], 0) / known.length;
    if (known.length > 0) bins.push({ rank: mean('rank'), value: mean('value') });
  }
  return bins;
}
