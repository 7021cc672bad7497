/** The draws behind every bootstrap are binomial, and multinomial, whichever way they are made. */
import { random } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../src/cells.ts';
import { chiSquareAbove } from '../src/chi-square.ts';
import { drawBinomial } from '../src/draw-binomial.ts';
import { counterOf, weigherOf } from '../src/draw-counts.ts';
import { scoreIntervals } from '../src/index.ts';

/** P(X = k), by ratios from the mode. */
function binomial(n: number, p: number): number[] {
  const mode = Math.floor((n + 1) * p);
  const weights = new Array<number>(n + 1).fill(0);
  weights[mode] = 1;
  for (let k = mode + 1; k <= n; k++) weights[k] = (weights[k - 1]! * (n + 1 - k) * p) / (k * (1 - p));
  for (let k = mode - 1; k >= 0; k--) weights[k] = (weights[k + 1]! * (k + 1) * (1 - p)) / ((n - k) * p);
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

describe('a binomial draw', () => {
  it.each([
    [1, 0.3],
    [20, 0.1],
    [50, 0.15], // inversion up to here
    [30, 0.5],
    [200, 0.9],
    [1000, 0.02],
    [5000, 0.4],
  ])('n = %i, p = %f', (n, p) => {
    const { uniform } = random(1, n);
    const draws = 200_000;
    const found = new Float64Array(n + 1);
    for (let i = 0; i < draws; i++) found[drawBinomial(n, p, uniform)]! += 1;
    let [statistic, cells, rest, restFound] = [0, 0, 1, draws];
    for (const [k, share] of binomial(n, p).entries()) {
      if (share * draws < 10) continue;
      statistic += (found[k]! - share * draws) ** 2 / (share * draws);
      cells++;
      rest -= share;
      restFound -= found[k]!;
    }
    if (rest * draws > 10) statistic += (restFound - rest * draws) ** 2 / (rest * draws);
    expect(chiSquareAbove(statistic, cells - (rest * draws > 10 ? 0 : 1))).toBeGreaterThan(1e-4);
  });

  it('of what is sure, or of nothing, is no chance', () => {
    const { uniform } = random(0);
    expect([drawBinomial(7, 0, uniform), drawBinomial(7, 1, uniform), drawBinomial(0, 0.4, uniform)]).toEqual(
      [0, 7, 0],
    );
  });
});

it('a resample has the rows of each stratum, and the means and deviations of drawn rows', () => {
  // Stratum 0 by binomials; 1 row by row; 2 of one cell.
  const strata = [...Array(300).fill(0), ...Array(12).fill(1), ...Array(5).fill(2)];
  const all = cellsOf(
    strata,
    strata.map((c, i) => (c === 0 ? i % 3 : c === 1 ? i % 6 : 4)),
  );
  const draw = counterOf(all, { seed: 3 });
  const counts = all.counts.slice();
  const [sums, squares, draws] = [new Float64Array(counts.length), new Float64Array(counts.length), 20_000];
  for (let i = 0; i < draws; i++) {
    draw(counts);
    const rows = [0, 0, 0];
    for (const [cell, n] of counts.entries()) {
      rows[all.strata[cell]!]! += n;
      sums[cell]! += n;
      squares[cell]! += n * n;
    }
    expect(rows).toEqual([300, 12, 5]);
  }
  for (const [cell, n] of all.counts.entries()) {
    const size = [300, 12, 5][all.strata[cell]!]!;
    const variance = n * (1 - n / size);
    const mean = sums[cell]! / draws;
    expect(Math.abs(mean - n)).toBeLessThanOrEqual(4 * Math.sqrt(variance / draws));
    expect(Math.abs(squares[cell]! / draws - mean ** 2 - variance)).toBeLessThanOrEqual(0.05 * variance);
  }
});

it('weighed rows vary as those of other test sets, and weigh what there is of each stratum', () => {
  const strata = [...Array(60).fill(0), ...Array(5).fill(1), ...Array(2).fill(2), 3];
  const all = cellsOf(
    strata,
    strata.map((_, i) => i % 2),
  );
  const sizes = [60, 5, 2, 1];
  const draw = weigherOf(all, { seed: 3 });
  const weights = new Float64Array(all.counts.length);
  const [sums, squares, draws] = [new Float64Array(weights.length), new Float64Array(weights.length), 20_000];
  for (let i = 0; i < draws; i++) {
    draw(weights);
    const rows = [0, 0, 0, 0];
    for (const [cell, weight] of weights.entries()) {
      rows[all.strata[cell]!]! += weight;
      sums[cell]! += weight;
      squares[cell]! += weight ** 2;
    }
    for (const [stratum, size] of sizes.entries()) expect(rows[stratum]).toBeCloseTo(size, 12);
  }
  for (const [cell, n] of all.counts.entries()) {
    const size = sizes[all.strata[cell]!]!;
    // What an unbiased estimate of a proportion's variance has, times size^2.
    const variance = size === 1 ? 0 : (n * (size - n)) / (size - 1);
    const mean = sums[cell]! / draws;
    expect(Math.abs(mean - n)).toBeLessThanOrEqual(4 * Math.sqrt(variance / draws));
    expect(Math.abs(squares[cell]! / draws - mean ** 2 - variance)).toBeLessThanOrEqual(0.05 * variance);
  }
});

it('intervals of classes of two test rows each hold the truth about 19 times in 20', () => {
  const { uniform } = random(4, 'small classes');
  const labels = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 2));
  const counts = Array(60).fill(5);
  const sets = 400;
  let held = 0;
  for (let set = 0; set < sets; set++) {
    const predictions = labels.map((c) => (uniform() < 0.6 ? c : (c + 1) % 60));
    const { low, high } = scoreIntervals(predictions, labels, counts, { replicates: 200, seed: set }).all;
    held += Number(low <= 0.6 && 0.6 <= high);
  }
  expect(held / sets).toBeGreaterThan(0.91);
});
