/**
 * Writes noise.json beside it: the seeded numbers that losses draw at the steps of losses.py, which reads them.
 * usage: node noise.ts
 */
import '@tensorflow/tfjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normal, uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Rows and classes of each input of losses.py, by its name. */
export const SHAPES: Readonly<Record<string, [number, number]>> = {
  small: [6, 5],
  wide: [4, 9],
  one: [3, 1],
  huge: [4, 4],
};
/** The step at which losses are compared; its normal numbers reach beyond three deviations, which GCL cuts. */
export const STEP = 7;

export const noise = (): Record<string, { gcl: number[]; equalization: number[] }> =>
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [
      name,
      {
        gcl: Array.from(normal(shape, { seed: 0, keys: ['gcl', STEP], deviation: 1 / 3 }).dataSync()),
        equalization: Array.from(uniform(shape, { seed: 0, keys: ['equalization', STEP] }).dataSync()),
      },
    ]),
  );

if (import.meta.main) {
  await tf.setBackend('cpu');
  writeFileSync(join(import.meta.dirname, 'noise.json'), `${JSON.stringify(noise())}\n`);
}
