/** SciPy's and statsmodels' own numbers (golden/uncertainty.py). 1e-12, relative where numbers are small: all of it is float64. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chiSquareAbove } from '../src/chi-square.ts';
import {
  bcaInterval,
  bootstrap,
  type Cells,
  criticalDifference,
  friedman,
  holm,
  mcnemar,
  wilcoxon,
  wilson,
} from '../src/index.ts';
import { normalCdf, normalQuantile } from '../src/normal.ts';
import { studentP, studentQuantile } from '../src/student.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/uncertainty.json'), 'utf8'));

function close(found: number, expected: number, relative = 1e-12): void {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(1e-3, Math.abs(expected)),
  );
}

describe('agrees with SciPy and statsmodels', () => {
  it('the normal and the chi-square distribution', () => {
    const { z, cdf, p, quantile } = golden.normal;
    for (const [i, value] of z.entries()) {
      close(normalCdf(value), cdf[i]);
      // In the tail the square of z is rounded before exp: z^2 / 2 units in the last place of 1e-16.
      if (cdf[i] > 0) expect(Math.abs(normalCdf(value) / cdf[i] - 1)).toBeLessThan(1e-12);
    }
    for (const [i, share] of p.entries()) close(normalQuantile(share), quantile[i]);
    for (const { x, degrees, above } of golden.chiSquare) close(chiSquareAbove(x, degrees), above);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });

  it("Wilson's intervals", () => {
    for (const { hits, rows, confidence, low, high } of golden.wilson) {
      const found = wilson(hits, rows, { confidence })!;
      close(found.low, low);
      close(found.high, high);
    }
  });

  it("McNemar's exact and mid-p tests", () => {
    for (const { onlyFirst, onlySecond, exact, midP } of golden.mcnemar) {
      const found = mcnemar(onlyFirst, onlySecond);
      close(found.exact, exact);
      close(found.midP, midP);
    }
    // Bentur et al. (2009), as Fagerland et al. (2013) print it.
    expect(mcnemar(1, 7).exact.toFixed(3)).toBe('0.070');
    expect(mcnemar(1, 7).midP.toFixed(3)).toBe('0.039');
  });

  it("Student's t, as tables print it", () => {
    const table = [
      [1, 12.706],
      [2, 4.303],
      [4, 2.776],
      [9, 2.262],
      [30, 2.042],
    ] as const;
    for (const [degrees, t] of table) {
      expect(studentQuantile(0.975, degrees).toFixed(3)).toBe(t.toFixed(3));
      close(studentP(-studentQuantile(0.975, degrees), degrees), 0.05);
    }
  });

  it("Holm's adjustment", () => {
    for (const { p, adjusted } of golden.holm)
      for (const [i, one] of holm(p).entries()) close(one, adjusted[i]);
  });

  it("Wilcoxon's, Friedman's and Nemenyi's tests", () => {
    for (const { first, second, statistic, p } of golden.wilcoxon) {
      const found = wilcoxon(first, second);
      expect(found.statistic).toBe(statistic);
      close(found.p, p);
    }
    for (const { scores, statistic, p, meanRanks } of golden.friedman) {
      const found = friedman(scores);
      close(found.statistic, statistic);
      close(found.p, p);
      expect(found.meanRanks).toEqual(meanRanks.map((rank: number) => expect.closeTo(rank, 12)));
    }
    for (const { difference, ...options } of golden.nemenyi)
      close(criticalDifference(options), difference, 1e-8); // SciPy integrates and solves to about 1e-9
  });

  const WEIGHTS = [0.1, 0.2, 0.3, 0.4];

  /** The weighted mean of the strata's shares of right rows, each of its own counts. */
  function share({ strata, outcomes, counts }: Cells): [number] {
    const [rows, hits] = [new Float64Array(4), new Float64Array(4)];
    for (const [cell, n] of counts.entries()) {
      rows[strata[cell]!]! += n;
      hits[strata[cell]!]! += n * outcomes[cell]!;
    }
    return [WEIGHTS.reduce((sum, w, c) => sum + (w * hits[c]!) / rows[c]!, 0)];
  }

  it('BCa intervals of the same replicates, and the bootstrap as a whole', () => {
    for (const { samples, replicates, intervals, whole } of golden.bca) {
      const strata = samples.flatMap((own: number[], c: number) => own.map(() => c));
      const [found] = bootstrap(share, strata, samples.flat(), { replicates: 20_000 });
      const { value: observed, acceleration } = found!;
      for (const { confidence, low, high } of intervals) {
        const interval = bcaInterval(replicates, { observed, acceleration, confidence });
        close(interval.low, low);
        close(interval.high, high);
      }
      // Both draw 20,000 times: the 2.5 % end varies by sqrt(.025 .975 / 20,000) / .058 = 0.019 deviations, 0.08 are three of two such.
      const { standardError, low, high } = whole;
      expect(Math.abs(found!.standardError / standardError - 1)).toBeLessThan(0.03);
      expect(Math.abs(found!.low - low)).toBeLessThan(0.08 * standardError);
      expect(Math.abs(found!.high - high)).toBeLessThan(0.08 * standardError);
    }
  });
});
