/**
 * The stratified bootstrap: of each stratum as many rows are drawn, with replacement, as it has, and the statistic is taken of them, so
 * and so many times. B. Efron, Ann. Statist. 7 (1979). A test set's strata are its classes: their sizes are of its design, not of chance.
 */
import { checkFunctions, InputError, type LabelList, shown } from '@longtail/core';
import { jackknifeAccelerations } from './acceleration.ts';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { type Cells, cellsOf } from './cells.ts';
import type { Counts, WeighedCells } from './draw-counts.ts';
import { countedEstimates, type Estimate, weighedEstimates } from './estimate.ts';

/** Of counted rows one number, or several: all of them are taken of the same resamples. */
export type Statistic = (cells: Cells) => readonly number[];

/**
 * BCa intervals of any statistic of rows. What it costs are the cells, not the rows: a statistic of right and wrong has two
 * cells a class.
 *
 * @param statistic of cells whose counts are those of a resample; they are overwritten by the next one. It counts rows by them, too
 * @param strata as of {@link cellsOf}, shape [N]
 * @param outcomes as of {@link cellsOf}, shape [N]
 * @returns one estimate for each number that the statistic gives
 * @throws InputError when lengths differ, an option is out of its range, or the statistic gives what is no finite number
 * @example
 * const right = predictions.map((c, i) => Number(c === labels[i]));
 * const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
 * bootstrap(({ outcomes, counts }) => [sum(counts.map((n, k) => n * outcomes[k]!)) / sum(counts)], labels, right);
 */
export function bootstrap(
  statistic: Statistic,
  strata: LabelList,
  outcomes: LabelList,
  options: BootstrapOptions = {},
): Estimate[] {
  checkFunctions({ statistic });
  const all = cellsOf(strata, outcomes);
  const drawing = bootstrapOptions(options, 'bootstrap');
  const of = (counts: Int32Array): readonly number[] => {
    const found = statistic({ ...all, counts });
    if (Array.isArray(found) && found.length > 0 && found.every(Number.isFinite)) return found;
    throw new InputError(
      `the statistic must give a list of finite numbers, at least one, but it gave ${shown(found)}.`,
    );
  };
  return countedEstimates({ of, accelerations: jackknifeAccelerations(of, all) }, all, drawing);
}

/** Of rows that are counted already, by weighed resamples. */
export function weighedBootstrap(
  statistic: (cells: WeighedCells) => number,
  all: Cells,
  drawing: Required<BootstrapOptions>,
): Estimate {
  const of = (counts: Counts): [number] => [statistic({ ...all, counts })];
  const [found] = weighedEstimates({ of, accelerations: jackknifeAccelerations(of, all) }, all, drawing);
  return found!;
}
