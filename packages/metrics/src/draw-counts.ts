/**
 * A stratified resample of counted rows: of each stratum as many rows as it has, or one less, with replacement. The counts of its
 * cells are then multinomial: one binomial a cell, of what the cells before it left. Where cells hold few rows each, rows are drawn
 * one by one.
 */
import { type Random, random } from '@longtail/core';
import type { Cells } from './cells.ts';
import { drawBinomial } from './draw-binomial.ts';

/** A binomial costs about as much as so many rows. */
const ROWS_A_BINOMIAL = 6;

/** What is drawn at once. */
const BLOCK = new Uint32Array(4096);

/** Of cells: of rows, or what drawn rows weigh. */
export type Counts = Int32Array | Float64Array;

/** Rows of cells that weigh what `counts` says. */
export type WeighedCells = Omit<Cells, 'counts'> & { readonly counts: Counts };

interface Stratum {
  /** Its cells are from start to before end. */
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  readonly drawn: number;
  /** The cell of each row, where rows are drawn. */
  readonly cells?: Int32Array;
}

function strataOf({ strata, counts }: Cells, drawnOf: (rows: number) => number): Stratum[] {
  const found: Stratum[] = [];
  for (let start = 0, end = 0; start < strata.length; start = end) {
    let rows = 0;
    for (; strata[end] === strata[start]; end++) rows += counts[end]!;
    const stratum = { start, end, rows, drawn: drawnOf(rows) };
    if (rows > ROWS_A_BINOMIAL * (end - start) || end === start + 1) found.push(stratum);
    else {
      const cells = new Int32Array(rows);
      for (let cell = start, row = 0; cell < end; row += counts[cell++]!)
        cells.fill(cell, row, row + counts[cell]!);
      found.push({ ...stratum, cells });
    }
  }
  return found;
}

/**
 * @param options.drawnOf so many rows of a stratum; default: as many as it has
 * @returns what overwrites counts, shape [cells], by those of the next resample, and returns them
 */
export function counterOf(
  all: Cells,
  { seed, drawnOf = (rows) => rows }: { seed: number; drawnOf?: (rows: number) => number },
): (counts: Int32Array) => Int32Array {
  const strata = strataOf(all, drawnOf);
  const generator = random(seed, 'bootstrap');
  return (counts) => {
    for (const stratum of strata)
      if (stratum.cells) drawRows(counts, stratum, generator);
      else drawCells(counts, stratum, { generator, all });
    return counts;
  };
}

/**
 * Of n rows of a stratum, as many drawn have (n - 1)/n of the variance of a sum that other rows would give it. Here n - 1 are drawn, and
 * each weighs n/(n - 1), which has all of it: J. N. K. Rao and C. F. J. Wu, JASA 83 (1988). Of a single row
 * nothing tells how others would vary: it is always there, and adds no width; score-columns.ts draws such classes together.
 *
 * @returns what overwrites weights, shape [cells], by those of the next resample, and returns them
 */
export function weigherOf(all: Cells, { seed }: { seed: number }): (weights: Float64Array) => Float64Array {
  const drawnOf = (rows: number): number => Math.max(1, rows - 1);
  const draw = counterOf(all, { seed, drawnOf });
  const counts = new Int32Array(all.counts.length);
  const sizes = new Map<number, number>();
  for (const [cell, n] of all.counts.entries())
    sizes.set(all.strata[cell]!, (sizes.get(all.strata[cell]!) ?? 0) + n);
  const rows = Float64Array.from(all.strata, (stratum) => sizes.get(stratum)!);
  return (weights) => {
    draw(counts);
    // In this order n - 1 rows weigh n to the bit.
    for (let cell = 0; cell < counts.length; cell++)
      weights[cell] = (counts[cell]! * rows[cell]!) / drawnOf(rows[cell]!);
    return weights;
  };
}

/** Of 32 bits, so that a row's chance is off by less than rows / 2^32 of itself. */
function drawRows(
  counts: Int32Array,
  { start, end, rows, drawn, cells }: Stratum,
  { fillBits }: Random,
): void {
  counts.fill(0, start, end);
  for (let done = 0; done < drawn; done += BLOCK.length) {
    const size = Math.min(BLOCK.length, drawn - done);
    fillBits(BLOCK, size);
    for (let i = 0; i < size; i++) counts[cells![Math.floor(BLOCK[i]! * (rows / 2 ** 32))]!]! += 1;
  }
}

function drawCells(
  counts: Int32Array,
  { start, end, rows, drawn: draws }: Stratum,
  { generator, all }: { generator: Random; all: Cells },
): void {
  let [left, behind] = [draws, rows];
  for (let cell = start; cell < end - 1; cell++) {
    const drawn = drawBinomial(left, all.counts[cell]! / behind, generator.uniform);
    counts[cell] = drawn;
    left -= drawn;
    behind -= all.counts[cell]!;
  }
  counts[end - 1] = left;
}
