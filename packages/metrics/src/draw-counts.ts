/**
 * A stratified resample of counted rows: of each stratum as many rows as it has, with replacement. The counts of its cells are then
 * multinomial: one binomial a cell, of what the cells before it left. Where cells hold few rows each, rows are drawn one by one.
 */
import { type Random, random } from '@longtail/core';
import type { Cells } from './cells.ts';
import { drawBinomial } from './draw-binomial.ts';

/** A binomial costs about as much as so many rows. */
const ROWS_A_BINOMIAL = 6;

/** What is drawn at once. */
const BLOCK = new Uint32Array(4096);

interface Stratum {
  /** Its cells are from start to before end. */
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  /** The cell of each row, where rows are drawn. */
  readonly cells?: Int32Array;
}

function strataOf({ strata, counts }: Cells): Stratum[] {
  const found: Stratum[] = [];
  for (let start = 0, end = 0; start < strata.length; start = end) {
    let rows = 0;
    for (; strata[end] === strata[start]; end++) rows += counts[end]!;
    const stratum = { start, end, rows };
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

/** @returns what overwrites counts, shape [cells], by those of the next resample */
export function counterOf(all: Cells, { seed }: { seed: number }): (counts: Int32Array) => void {
  const strata = strataOf(all);
  const generator = random(seed, 'bootstrap');
  return (counts) => {
    for (const stratum of strata)
      if (stratum.cells) drawRows(counts, stratum, generator);
      else drawCells(counts, stratum, { generator, all });
  };
}

/** Of 32 bits, so that a row's chance is off by less than rows / 2^32 of itself. */
function drawRows(counts: Int32Array, { start, end, rows, cells }: Stratum, { fillBits }: Random): void {
  counts.fill(0, start, end);
  for (let done = 0; done < rows; done += BLOCK.length) {
    const size = Math.min(BLOCK.length, rows - done);
    fillBits(BLOCK, size);
    for (let i = 0; i < size; i++) counts[cells![Math.floor(BLOCK[i]! * (rows / 2 ** 32))]!]! += 1;
  }
}

function drawCells(
  counts: Int32Array,
  { start, end, rows }: Stratum,
  { generator, all }: { generator: Random; all: Cells },
): void {
  let [left, behind] = [rows, rows];
  for (let cell = start; cell < end - 1; cell++) {
    const drawn = drawBinomial(left, all.counts[cell]! / behind, generator.uniform);
    counts[cell] = drawn;
    left -= drawn;
    behind -= all.counts[cell]!;
  }
  counts[end - 1] = left;
}
