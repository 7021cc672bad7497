import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { fitTemperature } from '../src/index.ts';

beforeAll(useTestBackend);

interface Golden {
  readonly scale: number;
  readonly labels: number[];
  readonly temperature: number;
  readonly after: number;
}
const goldens = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/temperature.json'), 'utf8'),
) as Golden[];

it.each(goldens)(
  'finds what SciPy finds for logits up to $scale',
  ({ scale, labels, temperature, after }) => {
    const logits = tf.tensor2d(
      Array.from({ length: 200 }, (_, i) =>
        Array.from({ length: 5 }, (_, c) => scale * Math.sin(1.7 * i + 2.3 * c + 0.1 * i * c)),
      ),
    );
    const found = fitTemperature(logits, labels);
    expect(found.isInside).toBe(true);
    expect(Math.abs(found.after - after)).toBeLessThan(1e-6);
    // the likelihood is flat there: 1e-7 of it, which float32 cannot tell, is 1e-3 of T
    expect(Math.abs(found.temperature / temperature - 1)).toBeLessThan(2e-3);
    logits.dispose();
  },
);

it('says where there is no least one, and refuses what does not fit', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const sure = tf.tensor2d([[9, 0], [0, 9]]); // biome-ignore format: two rows
    expect(fitTemperature(sure, [0, 1]).isInside).toBe(false);
    expect(() => fitTemperature(sure, [0])).toThrow('got 1 for 2');
    expect(() => fitTemperature(sure, [0, 2])).toThrow(InputError);
    expect(() => fitTemperature(tf.tensor2d([[Number.NaN, 0]]), [0])).toThrow('row 0 (from 0)');
  });
  expect(tf.memory().numTensors).toBe(before);
});
