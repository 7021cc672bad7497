/** What a loss must be for a classifier to learn from it: lower for what is right, a mean, and each row for itself. */
import { expect } from 'vitest';
import type { Loss } from '../loss.ts';
import { evaluate, LABELS, SMALL } from './evaluate.ts';

const CLASSES = [0, 1, 2, 3];

/** Whatever the labels are: a step down its slope raises a row's own class and lowers the others taken together. */
export function learnsFromLabels(loss: Loss, epoch: number): void {
  for (const turn of CLASSES) {
    const labels = LABELS.map((label) => (label + turn) % 4);
    const { gradient } = evaluate(loss, SMALL, labels, { epoch });
    for (const [r, label] of labels.entries()) {
      const slopes = gradient.subarray(4 * r, 4 * r + 4);
      const others = CLASSES.filter((c) => c !== label).reduce((sum, c) => sum + slopes[c]!, 0);
      expect(slopes[label], `the slope of row ${r}'s own class ${label}`).toBeLessThan(0);
      expect(others, `the slopes of row ${r}'s other classes than ${label}`).toBeGreaterThan(0);
    }
  }
}

export function prefersRight(loss: Loss, epoch: number): void {
  const sure = (of: (label: number) => number) =>
    evaluate(
      loss,
      LABELS.map((label) => CLASSES.map((c) => (c === of(label) ? 0.5 : -0.5))),
      LABELS,
      { epoch },
    ).value;
  const right = sure((label) => label);
  for (const turn of [1, 2, 3]) expect(right).toBeLessThan(sure((label) => (label + turn) % 4));
}

export function drawsByStep(loss: Loss, epoch: number): boolean {
  const values = [7, 8, 9, 10, 11, 12].map((step) => evaluate(loss, SMALL, LABELS, { epoch, step }).value);
  return new Set(values).size > 1;
}

/** Three times the same row cost what it costs once: neither a sum, nor a mean over classes or all numbers. */
export function isMean(loss: Loss, epoch: number): void {
  for (const label of CLASSES) {
    const cost = (times: number) =>
      evaluate(loss, Array(times).fill(SMALL[0]), Array(times).fill(label), {
        epoch,
        features: Array(times).fill([1, 0, 2]),
      }).value;
    const once = cost(1);
    // Float32 sums of one term and of three.
    expect(Math.abs(cost(3) - once)).toBeLessThan(1e-5 * Math.max(1, Math.abs(once)));
  }
}

/** The gradients of all rows but one, as a unit vector: what a mean divides by, the weights' sum, is common to them. */
function direction(gradient: Float32Array, { without }: { without: number }): number[] {
  const rest = [...gradient].filter((_, i) => Math.floor(i / 4) !== without);
  const norm = Math.sqrt(rest.reduce((sum, g) => sum + g * g, 0));
  return rest.map((g) => g / norm);
}

/** Another picture or label in one row changes the slopes of no other row, but for what all are divided by. */
export function keepsRowsApart(loss: Loss, epoch: number): void {
  const slopes = (rows: number[][], labels: number[], without: number) =>
    direction(evaluate(loss, rows, labels, { epoch }).gradient, { without });
  for (const without of LABELS.keys())
    for (const turn of [0, 1, 2, 3]) {
      const rows = SMALL.with(without, [0.1, -0.1, 0.05, 0.02]);
      const labels = LABELS.with(without, (LABELS[without]! + turn) % 4);
      const [before, after] = [slopes(SMALL, LABELS, without), slopes(rows, labels, without)];
      // Unit vectors of float32 gradients, each with a few roundings of 6e-8.
      for (const [i, slope] of after.entries())
        expect(Math.abs(slope - before[i]!), `row ${without} seen from another`).toBeLessThan(1e-5);
    }
}
