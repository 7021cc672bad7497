/**
 * Features as a network with a last ReLU leaves them, max(0, mean of the class + noise), in files that both sides read:
 * train.f32 [N, D] and train.i32 [N], test.f32 and test.i32, and a joint linear head, weight.f32 [C, D] and bias.f32 [C].
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@longtail/core';
import type { FeatureSize } from './works.ts';

/** Noise that rows take a stretch of: to draw it for each row anew takes a minute. */
const POOL = 2 ** 22;
/** How far the means of classes are from one another, in deviations of the noise. */
const APART = 0.3;
/** Of the features: with longer ones the official rate of cRT diverges. */
const LENGTH = 0.25;
const ROWS = 1024;

function writeRows(
  path: string,
  labels: Int32Array,
  { means, noise, dim }: { means: Float32Array; noise: Float32Array; dim: number },
): void {
  const file = openSync(path, 'w');
  const generator = random(0, path.endsWith('train.f32') ? 'train' : 'test');
  for (let start = 0; start < labels.length; start += ROWS) {
    const own = labels.subarray(start, start + ROWS);
    const rows = new Float32Array(own.length * dim);
    for (const [i, c] of own.entries()) {
      const from = Math.floor(generator.uniform() * (noise.length - dim));
      for (let d = 0; d < dim; d++)
        rows[i * dim + d] = LENGTH * Math.max(0, means[c * dim + d]! + noise[from + d]!);
    }
    writeSync(file, rows);
  }
  closeSync(file);
}

/** Labels class by class, in an order of their own. */
function shuffled(counts: readonly number[]): Int32Array {
  const labels = Int32Array.from(counts.flatMap((n, c) => new Array<number>(n).fill(c)));
  const generator = random(0, 'order');
  for (let i = labels.length - 1; i > 0; i--) {
    const j = Math.floor(generator.uniform() * (i + 1));
    [labels[i], labels[j]] = [labels[j]!, labels[i]!];
  }
  return labels;
}

export function writeHeadFeatures(folder: string, { counts, dim, testRows }: FeatureSize): void {
  const { normal } = random(0, 'noise');
  const noise = Float32Array.from({ length: POOL }, normal);
  const means = Float32Array.from({ length: counts.length * dim }, () => APART * normal());
  const labels = {
    train: shuffled(counts),
    test: Int32Array.from({ length: testRows }, (_, i) => i % counts.length),
  };
  for (const [name, own] of Object.entries(labels)) {
    writeRows(join(folder, `${name}.f32`), own, { means, noise, dim });
    writeFileSync(join(folder, `${name}.i32`), own);
  }
  // Longer where there are more rows, as those of a joint head.
  const weight = means.map((value, i) => value * counts[Math.floor(i / dim)]! ** 0.25);
  writeFileSync(join(folder, 'weight.f32'), weight);
  writeFileSync(
    join(folder, 'bias.f32'),
    Float32Array.from(counts, (n) => Math.log(n) / 8),
  );
}
