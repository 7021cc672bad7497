/** What a loss must keep as a function of numbers: finite, repeatable, with its own gradient, and of the shapes it says. */
import { extent } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Loss } from '../loss.ts';
import { COUNTS, evaluate, expectFinite, LABELS, LOGITS } from './evaluate.ts';

export function isRepeatable(loss: Loss, epoch: number): void {
  const before = tf.memory().numTensors;
  const found = evaluate(loss, LOGITS, LABELS, { epoch });
  expectFinite(found);
  expect(evaluate(loss, LOGITS, LABELS, { epoch })).toEqual(found);
  expect(tf.memory().numTensors).toBe(before);
}

/** Central differences of fourth order. */
function differences(loss: Loss, epoch: number, h = 1e-2): number[] {
  return LOGITS.flat().map((_, place) => {
    const at = (by: number) => {
      const moved = LOGITS.map((row, r) => row.map((z, c) => (r * 4 + c === place ? z + by : z)));
      return evaluate(loss, moved, LABELS, { epoch }).value;
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
}

export function hasItsGradient(loss: Loss, epoch: number): void {
  const { gradient, value } = evaluate(loss, LOGITS, LABELS, { epoch });
  const scale = extent([1, value, ...gradient.map(Math.abs)])[1];
  // A float32 loss has 6e-8 of rounding, divided by h = 1e-2; logits scaled by 30 have a curvature that h^4 shows.
  for (const [place, slope] of differences(loss, epoch).entries())
    expect(Math.abs(slope - gradient[place]!), `place ${place}`).toBeLessThan(1e-3 * scale);
}

export function isFiniteFarOut(loss: Loss, epoch: number): void {
  const large = LOGITS.map((row) => row.map((z) => Math.sign(z) * 1e4));
  const right = LOGITS.map((row, r) => row.map((_, c) => (c === LABELS[r] ? 1e4 : -1e4)));
  for (const rows of [large, right]) expectFinite(evaluate(loss, rows, LABELS, { epoch }));
}

export function takesAnyCounts(make: (counts: Int32Array) => Loss, epoch: number): void {
  expectFinite(evaluate(make(Int32Array.of(5)), [[0.3], [-2], [9]], [0, 0, 0], { epoch }));
  for (const counts of [
    [5, 5, 5, 5],
    [100, 7, 10, 0],
    [0, 0, 10, 0],
  ])
    expectFinite(evaluate(make(Int32Array.from(counts)), LOGITS, LABELS, { epoch }));
}

export function keepsToTargets(make: (counts: Int32Array) => Loss, { soft }: { soft: boolean }): void {
  const loss = make(COUNTS);
  const before = tf.memory().numTensors;
  const softly = () => evaluate(loss, LOGITS, LABELS, { soft: true });
  if (soft) {
    const [a, b] = [softly(), evaluate(loss, LOGITS, LABELS)];
    expect(a.value).toBeCloseTo(b.value, 5);
    for (const [i, g] of a.gradient.entries()) expect(g).toBeCloseTo(b.gradient[i]!, 5);
  } else expect(softly).toThrow(/soft targets/);
  expect(tf.memory().numTensors).toBe(before);
}
