/**
 * Two methods of several seeds each, all tested on the same rows. A resample draws seeds, outside, and rows of each class, inside; the rows
 * are drawn once for all seeds, because what a test set happens to hold is common to them and does not average out over them (the
 * pigeonhole bootstrap of A. B. Owen, Ann. Appl. Stat. 1 (2007)). Of S seeds S - 1 are drawn, whose mean then varies as that of S does:
 * J. N. K. Rao and C. F. J. Wu, JASA 83 (1988). A deviation of S seeds is itself uncertain, so that replicates are spread as Student's t of
 * S - 1 degrees of freedom is wider than the normal distribution; rows are many, and taken along, which errs on the wide side. Fewer than five seeds do not tell how much seeds vary, so then every seed is a dot.
 */
import { checkLists, checkOptions, InputError, type LabelList, random } from '@longtail/core';
import { bcaInterval, bcaP } from './bca.ts';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { type Cells, cellsOf } from './cells.ts';
import { type Difference, differenceOf } from './difference.ts';
import { type WeighedCells, weigherOf } from './draw-counts.ts';
import { deviation } from './estimate.ts';
import type { GroupRule } from './groups.ts';
import { normalQuantile } from './normal.ts';
import { GAINS, outcomesOf } from './outcomes.ts';
import { asPredictions } from './predictions.ts';
import { type AccuracyRecord, type AccuracyWeights, byColumn, testRows } from './score-columns.ts';
import { studentP, studentQuantile } from './student.ts';

const LEAST_SEEDS = 5;

export interface SeedsDifference {
  /** The first less the second, of each seed: the dots. */
  readonly seeds: readonly number[];
  readonly mean: number;
  /** Over seeds and rows; null for fewer than five seeds. */
  readonly difference: Difference | null;
}

/** Rows by class and by what they say of every seed: gains[outcome] is of each seed. */
interface Crossed<C extends WeighedCells = WeighedCells> {
  readonly cells: C;
  readonly gains: readonly (readonly number[])[];
}

function crossed(outcomes: readonly Int32Array[], strata: Int32Array): Crossed<Cells> {
  const keyOf = (row: number): string => outcomes.map((own) => own[row]).join('');
  const keys = Array.from(strata, (_, row) => keyOf(row));
  const names = [...new Set(keys)].sort();
  const numbers = new Map(names.map((name, i) => [name, i]));
  const cells = cellsOf(
    strata,
    Int32Array.from(keys, (key) => numbers.get(key)!),
  );
  return { cells, gains: names.map((name) => Array.from(name, (outcome) => GAINS[Number(outcome)]!)) };
}

/** @param weights of the seeds, shape [S] */
function differences(
  { cells, gains }: Crossed,
  columns: readonly AccuracyWeights[],
  weights: readonly number[],
): number[] {
  const { strata, outcomes, counts } = cells;
  const weighted = gains.map((own) => own.reduce((sum, gain, seed) => sum + gain * weights[seed]!, 0));
  const found = new Array<number>(columns.length).fill(0);
  for (let cell = 0; cell < counts.length; cell++) {
    const gain = weighted[outcomes[cell]!]! * counts[cell]!;
    for (let i = 0; i < columns.length; i++) found[i]! += columns[i]!.weights[strata[cell]!]! * gain;
  }
  return found;
}

function seedsAndRows(
  rows: Crossed<Cells>,
  columns: readonly AccuracyWeights[],
  { replicates, seed, seeds }: { replicates: number; seed: number; seeds: number },
): Float64Array[] {
  const drawn = columns.map(() => new Float64Array(replicates));
  const counts = new Float64Array(rows.cells.counts.length);
  const resample = { ...rows, cells: { ...rows.cells, counts } };
  const draw = weigherOf(rows.cells, { seed });
  const generator = random(seed, 'seeds');
  for (let replicate = 0; replicate < replicates; replicate++) {
    draw(counts);
    const weights = new Array<number>(seeds).fill(0);
    for (let i = 1; i < seeds; i++) weights[generator.integer(seeds)]! += 1 / (seeds - 1);
    for (const [i, value] of differences(resample, columns, weights).entries()) drawn[i]![replicate] = value;
  }
  return drawn;
}

/** About the mean, by as much as the quantile of t is more than the normal one; no difference of accuracies is beyond 1. */
function spread(
  replicates: Float64Array,
  { mean, degrees, confidence }: { mean: number; degrees: number; confidence: number },
): Float64Array {
  const share = (1 + confidence) / 2;
  const times = studentQuantile(share, degrees) / normalQuantile(share);
  return replicates.map((value) => Math.min(1, Math.max(-1, mean + times * (value - mean))));
}

/** @param replicates none for too few seeds */
function judged(
  seeds: readonly number[],
  replicates: Float64Array | undefined,
  { confidence }: { confidence: number },
): SeedsDifference {
  const mean = seeds.reduce((a, b) => a + b, 0) / seeds.length;
  if (!replicates) return { seeds, mean, difference: null };
  const degrees = seeds.length - 1;
  const wider = spread(replicates, { mean, degrees, confidence });
  const interval = bcaInterval(wider, { observed: mean, confidence });
  const standardError = deviation(replicates);
  // The spread fits at this confidence alone: farther out t, whose tails are heavier, has the larger p.
  const ofT = mean === 0 ? 1 : studentP(mean / standardError, degrees);
  const p = Math.max(ofT, bcaP(wider, { observed: mean }));
  const quantile = (share: number) => studentQuantile(share, degrees);
  const estimate = { value: mean, ...interval, standardError };
  return { seeds, mean, difference: differenceOf(estimate, { confidence, p, quantile }) };
}

/**
 * @param first predictions of each seed, each of shape [N]
 * @param second the other method's, as many, in the same order: of the same seed where both have it
 * @param labels true class, shape [N]
 * @param trainCounts n_c of the TRAINING set, shape [C]
 * @returns by column; null for a group without test images
 * @throws InputError when there is no seed, numbers of seeds or lengths differ, a class is outside [0, C), or an option out of its range
 * @example
 * compareSeeds([a0, a1, a2], [b0, b1, b2], labels, trainCounts).few; // { seeds: [.05, .02, .06], mean: .043, difference: null }
 */
export function compareSeeds(
  first: readonly LabelList[],
  second: readonly LabelList[],
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: BootstrapOptions & { groupRule?: GroupRule } = {},
): AccuracyRecord<SeedsDifference> {
  const { groupRule = 'official' } = checkOptions(options, { of: 'compareSeeds' });
  const drawing = bootstrapOptions(options, 'compareSeeds');
  checkLists({ first, second });
  const seeds = first.length;
  if (seeds === 0 || seeds !== second.length)
    throw new InputError(
      `first and second must be of as many seeds, one at least, but there are ${seeds} and ${second.length}.`,
    );
  const { numClasses, truth, strata, columns } = testRows(labels, trainCounts, { groupRule });
  const classes = (all: readonly LabelList[], name: string, seed: number) =>
    asPredictions(all[seed]!, truth, { numClasses, name: `${name}[${seed}]` });
  const outcomes = Array.from({ length: seeds }, (_, seed) =>
    outcomesOf(classes(first, 'first', seed), classes(second, 'second', seed), truth),
  );
  const rows = crossed(outcomes, strata);
  const only = (seed: number) => outcomes.map((_, i) => Number(i === seed));
  const each = outcomes.map((_, seed) => differences(rows, columns, only(seed)));
  const drawn = seeds < LEAST_SEEDS ? undefined : seedsAndRows(rows, columns, { ...drawing, seeds });
  const found = columns.map((_, i) =>
    judged(
      each.map((values) => values[i]!),
      drawn?.[i],
      drawing,
    ),
  );
  return byColumn(columns, found);
}
