/** Calibration over chunks, of all rows and of groups of true classes, with 15 bins as Guo et al. (2017). */
import { checkObjects, checkOptions } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { addExact, exactOver, exactSums } from './exact-sums.ts';
import { checkGroups, type NamedGroups } from './group-means.ts';
import type { Groups } from './groups.ts';
import { binOf, calibrationErrors, type ReliabilityBin, reliabilityBin } from './reliability.ts';
import { summariseRows } from './row-summary.ts';
import { checkKind, checkPlaces, type ScoreKind } from './scores.ts';

export interface Calibration {
  readonly rows: number;
  readonly accuracy: number;
  /** The mean probability of the predicted class. */
  readonly confidence: number;
  /** Biased upward where rows are few: compare it between sets of one size only. */
  readonly ece: number;
  readonly mce: number;
  /** Mean of -log p of the true class; Infinity where a true class has probability 0. */
  readonly nll: number;
  /** Mean of sum_c (p_c - [c is true])^2, in [0, 2]. */
  readonly brier: number;
  readonly bins: readonly ReliabilityBin[];
}

/** Calibration of all rows, and of those whose TRUE class is in a group; null for a group without rows. */
export interface GroupedCalibration {
  readonly all: Calibration | null;
  readonly groups: Readonly<Record<string, Calibration | null>>;
}

/** By true class and bin: count and hits [C, B], confidence [C, B] as exact sums; nll and brier [C] as exact sums. */
export type CalibrationSums = Sums<'count' | 'hits' | 'confidence' | 'nll' | 'brier'>;

/**
 * @param options.from `logits` (default) or `probabilities`
 * @param options.bins of equal width, default 15
 * @param options.groups classes by the names of groups, for instance of {@link classGroups}
 * @throws InputError for a class outside [0, C); of `add` for a NaN or what is no probability, naming its row, and wrong labels
 * @example
 * measure([{ scores: [0.8, 0.2], labels: [1] }], calibrationOver({ numClasses: 2, from: 'probabilities' })).all; // ece: .8, ...
 */
export function calibrationOver(options: {
  numClasses: number;
  from?: ScoreKind;
  bins?: number;
  groups?: Groups | NamedGroups;
}): Accumulator<CalibrationSums, GroupedCalibration> {
  const {
    numClasses,
    from = 'logits',
    bins = 15,
    groups = {},
  } = checkOptions(options, { of: 'calibrationOver' });
  checkKind(from);
  checkPlaces({ numClasses, bins });
  const named = groups as NamedGroups;
  checkGroups(named, { numClasses });
  const places = numClasses * bins;
  return {
    empty: () => ({
      count: new Float64Array(places),
      hits: new Float64Array(places),
      confidence: exactSums(places),
      nll: exactSums(numClasses),
      brier: exactSums(numClasses),
    }),
    add(sums, chunk) {
      checkObjects({ 'a chunk': chunk });
      const rows = summariseRows(chunk.scores, chunk.labels, { numClasses, from });
      rows.labels.forEach((label, row) => {
        const at = label * bins + binOf(rows.confidences[row]!, bins);
        sums.count[at]! += 1;
        if (rows.predictions[row] === label) sums.hits[at]! += 1;
        addExact(sums.confidence, at, rows.confidences[row]!);
        addExact(sums.nll, label, rows.nll[row]!);
        addExact(sums.brier, label, rows.brier[row]!);
      });
    },
    result(sums) {
      const every = Array.from({ length: numClasses }, (_, c) => c);
      const grouped = Object.entries(named).map(([name, classes]) => [
        name,
        calibrationOf(sums, { classes: Array.from(classes), bins }),
      ]);
      return { all: calibrationOf(sums, { classes: every, bins }), groups: Object.fromEntries(grouped) };
    },
  };
}

function calibrationOf(
  sums: CalibrationSums,
  { classes, bins }: { classes: readonly number[]; bins: number },
): Calibration | null {
  const sum = (counts: Float64Array, places: readonly number[]) =>
    places.reduce((so, at) => so + counts[at]!, 0);
  const table = Array.from({ length: bins }, (_, bin) => {
    const places = classes.map((c) => c * bins + bin);
    const found = {
      count: sum(sums.count, places),
      hits: sum(sums.hits, places),
      confidence: exactOver(sums.confidence, places),
    };
    return { ...found, bin: reliabilityBin(found, { from: bin / bins, to: (bin + 1) / bins }) };
  });
  const rows = table.reduce((so, { count }) => so + count, 0);
  if (rows === 0) return null;
  const all = classes.flatMap((c) => Array.from({ length: bins }, (_, bin) => c * bins + bin));
  return {
    rows,
    accuracy: table.reduce((so, { hits }) => so + hits, 0) / rows,
    confidence: exactOver(sums.confidence, all) / rows,
    ...calibrationErrors(table.map(({ bin }) => bin)),
    nll: exactOver(sums.nll, classes) / rows,
    brier: exactOver(sums.brier, classes) / rows,
    bins: table.map(({ bin }) => bin),
  };
}
