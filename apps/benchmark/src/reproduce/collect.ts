/** The numbers of an experiment's runs, row by row, each beside the published one. */
import { extent } from '@longtail/core';
import type { Results } from '../results.ts';
import {
  type Column,
  type Experiment,
  type ExperimentRow,
  type PublishedNumbers,
  type RowName,
  rowKey,
} from './experiment.ts';

/** Of one run. */
export interface CollectedRun {
  readonly recipe: string;
  readonly seed: number;
  readonly variant: string;
  readonly results: Results;
}

export type Ends = readonly [low: number, high: number];

export interface Cell {
  /** A run each, in the order of their seeds. */
  readonly values: readonly (number | null)[];
  readonly intervals: readonly (Ends | undefined)[];
  readonly mean: number | null;
  /** Of 95 %: over seeds and test pictures where there are enough seeds, else around all seeds' own. */
  readonly interval?: Ends | undefined;
  readonly isOverSeeds: boolean;
  readonly published: number | null;
}

export interface Line {
  readonly recipe: string;
  readonly row: ExperimentRow;
  /** In the order of the experiment's columns. */
  readonly cells: readonly Cell[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/**
 * From the lowest to the highest end of the runs' own intervals, which are over test pictures: few seeds do not tell how much seeds vary,
 * and so none of them is left outside.
 */
function intervalOf(intervals: readonly (Ends | undefined)[]): Ends | undefined {
  const known = intervals.filter((one) => one !== undefined);
  if (known.length === 0 || known.length < intervals.length) return undefined;
  return [extent(known.map(([low]) => low))[0], extent(known.map(([, high]) => high))[1]];
}

function cellOf(
  runs: readonly Results[],
  row: ExperimentRow,
  { column, published, overSeeds }: { column: Column; published: number | null; overSeeds: Ends | undefined },
): Cell {
  const found = runs.map((results) => column.of(results, row));
  const values = found.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  const intervals = found.map(({ interval }) => interval);
  return {
    values,
    intervals,
    mean: known.length > 0 ? mean(known) : null,
    interval: overSeeds ?? intervalOf(intervals),
    isOverSeeds: overSeeds !== undefined,
    published,
  };
}

export const hasRow = ({ rows }: Pick<Results, 'rows'>, { sampler, classifier }: RowName): boolean =>
  rows.some((row) => row.sampler === sampler && row.classifier === classifier);

/** By row of a recipe, and by column: what seed-intervals.ts finds. */
export type SeedIntervals = (
  recipe: string,
  row: ExperimentRow,
) => Readonly<Record<string, Ends | undefined>> | undefined;

/** Rows of the samplers that were run, in the experiment's order, recipe by recipe. */
export function collected(
  experiment: Experiment,
  runs: readonly CollectedRun[],
  { overSeeds }: { overSeeds?: SeedIntervals } = {},
): Line[] {
  const recipes = [...new Set(runs.map(({ recipe }) => recipe))];
  return recipes.flatMap((recipe) => {
    const published: PublishedNumbers | undefined = experiment.published(recipe);
    return experiment.rows.flatMap((row): Line[] => {
      const own = runs
        .filter((run) => run.recipe === recipe && run.variant === row.variant)
        .map(({ results }) => results);
      if (!own.some((results) => hasRow(results, row))) return [];
      const theirs = published?.rows.get(rowKey(row));
      const over = overSeeds?.(recipe, row) ?? {};
      const cells = experiment.columns.map((column, i) =>
        cellOf(own, row, { column, published: theirs?.[i] ?? null, overSeeds: over[column.name] }),
      );
      return [{ recipe, row, cells }];
    });
  });
}

/** Of ours and theirs, where both are there. */
export const differenceOf = ({ mean: ours, published }: Cell): number | undefined =>
  ours === null || published === null ? undefined : ours - published;
