/** Scores of the size of iNaturalist 2018's validation set, drawn, float32 [24426, 8142]: the same for both sides. */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Chunk } from '@longtail/metrics';

export const rows = 24_426;
export const numClasses = 8142;
/** Rows that are looked at together. */
export const CHUNK = 1024;

export const trainCounts: Int32Array = Int32Array.from(
  { length: numClasses },
  (_, c) => 2 + Math.trunc(998 * Math.exp(-c / 420)),
);
export const labels: Int32Array = Int32Array.from({ length: rows }, (_, i) => i % numClasses);

/** Uniform in [-8, 8), 10 more for the true class of two rows of three. */
export function drawScores(): Float32Array {
  const scores = new Float32Array(rows * numClasses);
  let state = 1;
  for (let i = 0; i < scores.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    scores[i] = state * 2 ** -28;
  }
  labels.forEach((label, row) => {
    if (row % 3 > 0) scores[row * numClasses + label]! += 10;
  });
  return scores;
}

/** Writes them as float32. @returns the path */
export function keep(scores: Float32Array, folder: string): string {
  const path = join(folder, 'scores.f32');
  const file = openSync(path, 'w');
  const bytes = new Uint8Array(scores.buffer);
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, Math.min(2 ** 28, bytes.length - at));
  return path;
}

export function* chunks(scores: Float32Array): Generator<Chunk> {
  for (let row = 0; row < rows; row += CHUNK)
    yield {
      scores: scores.subarray(row * numClasses, (row + CHUNK) * numClasses),
      labels: labels.subarray(row, row + CHUNK),
    };
}
