/**
 * a of the BCa interval, of what each row moves a statistic by: with u = (n_s - 1)/n_s (mean - value without the row) for the n_s rows of
 * stratum s, the mean being that of the stratum's values,
 *   a = sum u^3 / (6 (sum u^2)^(3/2)).
 * Efron and Tibshirani (1993), 15.36, for several samples. Rows of one cell have the same u.
 */
import type { Cells } from './cells.ts';

/** Of more cells the jackknife would take longer than all replicates, and a, which falls as 1/sqrt(N), moves nothing. */
const MOST_CELLS = 4096;

function fromInfluences(
  { strata, counts }: Cells,
  moves: ArrayLike<number>,
  ofStratum: (rows: number) => number,
): number {
  let [cubes, squares] = [0, 0];
  for (let start = 0, end = 0; start < counts.length; start = end) {
    let [rows, sum] = [0, 0];
    for (; strata[end] === strata[start]; end++) {
      rows += counts[end]!;
      sum += counts[end]! * moves[end]!;
    }
    for (let cell = start; cell < end; cell++) {
      const u = ofStratum(rows) * (moves[cell]! - sum / rows);
      cubes += counts[cell]! * u ** 3;
      squares += counts[cell]! * u ** 2;
    }
  }
  return squares > 0 ? cubes / 6 / squares ** 1.5 : 0;
}

/** Of any statistic, by leaving out a row of each cell; 0 for more than 4096 cells. */
export function jackknifeAccelerations(of: (counts: Int32Array) => readonly number[], all: Cells): number[] {
  const counts = all.counts.slice();
  if (counts.length > MOST_CELLS) return of(counts).map(() => 0);
  const without = Array.from(counts, (_, cell) => {
    counts[cell]! -= 1;
    const found = isAny(all, counts, cell) ? [...of(counts)] : undefined;
    counts[cell]! += 1;
    return found;
  });
  return of(counts).map((_, i) =>
    fromInfluences(
      all,
      without.map((found) => -(found?.[i] ?? 0)),
      (rows) => (rows - 1) / rows,
    ),
  );
}

/** A stratum of one row has no rows without it. */
function isAny({ strata }: Cells, counts: Int32Array, cell: number): boolean {
  return counts[cell]! > 0 || strata[cell - 1] === strata[cell] || strata[cell + 1] === strata[cell];
}

/** Of a sum over rows. @param contributions of a row of each cell, shape [cells] */
export function linearAcceleration(all: Cells, contributions: Float64Array): number {
  return fromInfluences(all, contributions, () => 1);
}
