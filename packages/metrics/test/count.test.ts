/** Counts of pairs by WebAssembly: those of a plain loop, for any number of rows and classes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, random } from '@longtail/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluate, tally } from '../src/index.ts';
import { MODULES, moduleOf } from './build-wasm.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

function drawn(rows: number, numClasses: number): { predictions: Int32Array; labels: Int32Array } {
  const draw = random(0, 'count', rows, numClasses);
  const each = () => Int32Array.from({ length: rows }, () => Math.floor(draw.uniform() * numClasses));
  const labels = each();
  return { labels, predictions: each().map((other, i) => (i % 3 > 0 ? labels[i]! : other)) };
}

function counted({ predictions, labels }: ReturnType<typeof drawn>, numClasses: number) {
  const [support, chosen, hits] = Array.from({ length: 3 }, () => new Float64Array(numClasses));
  labels.forEach((label, i) => {
    support![label]! += 1;
    chosen![predictions[i]!]! += 1;
    if (predictions[i] === label) hits![label]! += 1;
  });
  return { support, chosen, hits };
}

it.each([
  [1, 1],
  [100, 7],
  [16_384, 10],
  [40_000, 8142],
  [500, 100_000], // whose counts do not fit the memory of the module
])('of %i rows of %i classes', (rows, numClasses) => {
  const pairs = drawn(rows, numClasses);
  const found = () => tally(pairs.predictions, pairs.labels, { numClasses });
  expect(found()).toEqual(counted(pairs, numClasses));
  expect(found()).toEqual(counted(pairs, numClasses)); // nothing is left of the first
});

it('of a part of a list', () => {
  const { predictions, labels } = drawn(100, 5);
  const part = { predictions: predictions.subarray(10, 60), labels: labels.subarray(10, 60) };
  expect(tally(part.predictions, part.labels, { numClasses: 5 })).toEqual(counted(part, 5));
});

describe.each(['predictions', 'labels'] as const)('%s that are no classes', (name) => {
  it.each([5, -1, 2 ** 31 - 1, -(2 ** 31)])(
    'are named: %i, in the last of many rows; good ones after them count',
    (wrong) => {
      const pairs = drawn(40_000, 5);
      const bad = { ...pairs, [name]: pairs[name].slice().fill(wrong, 39_999) };
      const find = () => evaluate(bad.predictions, bad.labels, [9, 8, 7, 6, 5]);
      expect(find).toThrow(InputError);
      expect(find).toThrow(`${wrong}`);
      expect(tally(pairs.predictions, pairs.labels, { numClasses: 5 })).toEqual(counted(pairs, 5));
    },
  );
});

it('does without WebAssembly where a page must', async () => {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', undefined);
  const { tally: alone } = await import('../src/tally.ts');
  const pairs = drawn(1000, 12);
  expect(alone(pairs.predictions, pairs.labels, { numClasses: 12 })).toEqual(counted(pairs, 12));
});

it.each(MODULES)('runs the module that %s.wat describes', async (name) => {
  const committed = readFileSync(join(import.meta.dirname, `../src/${name}-wasm.ts`), 'utf8');
  expect(committed).toBe(await moduleOf(name));
});
