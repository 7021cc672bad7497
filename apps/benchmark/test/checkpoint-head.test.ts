/** Which arrays of a checkpoint are its classifier, and the classes that it gives. */
import { DataError, UsageError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import type { NamedArray } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classesBy } from '../src/checkpoint-classes.ts';
import { findHead } from '../src/checkpoint-head.ts';

const array = (shape: number[], values?: number[]): NamedArray => ({
  shape,
  dtype: 'float32',
  data: values ? Float32Array.from(values) : new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const wanted = { featureDim: 2, numClasses: 3, prefix: 'model.', path: 'x.pth' };
const find = (arrays: Record<string, NamedArray>, change: Partial<Parameters<typeof findHead>[1]> = {}) =>
  findHead(new Map(Object.entries(arrays)), { ...wanted, ...change });

it.each([
  [['fc.weight', 'fc.bias']],
  [['weight']],
  [['weight', 'bias']],
  [['state_dict_best.classifier.module.fc.weight', 'state_dict_best.classifier.module.fc.bias']],
  [['classifier.fc.weight', 'classifier.fc.bias', 'classifier.scales']],
])('%j', (names) => {
  const [weight, ...vectors] = names;
  const rest = Object.fromEntries([
    ['optimizer.0.momentum_buffer', array([3, 2])],
    ['projection.weight', array([2, 5])],
    ...vectors.map((name) => [name, array([3])]),
    [weight, array([3, 2])],
  ]);
  expect(find(rest)).toMatchObject({ name: weight, rows: 3, used: names });
});

it('of several the one beside the backbone; where that is not told, none', () => {
  const [fc] = [array([3, 2])];
  expect(find({ 'ema.fc.weight': fc, 'model.fc.weight': fc }).name).toBe('model.fc.weight');
  expect(() => find({ 'a.weight': fc, 'b.weight': fc })).toThrow(UsageError);
  expect(() => find({ 'a.weight': fc, 'b.weight': fc })).toThrow(
    'x.pth holds several heads that fit, "a.weight" [3, 2], "b.weight" [3, 2]; choose one with --head.',
  );
  expect(find({ 'a.weight': fc, 'b.weight': fc }, { head: 'b' }).name).toBe('b.weight');
  expect(() => find({ 'a.weight': fc }, { head: 'c' })).toThrow(/"a.weight" \[3, 2\], but got "c"/);
});

it.each([
  [{}, /of 2 features, \[classes, 2\], in x.pth, but found none/],
  [{ 'fc.weight': array([2, 3]) }, /but found "fc.weight" \[2, 3\]; name a checkpoint with its classifier/],
  [{ 'fc.weight': array([4, 2]) }, /of the 3 classes .* found "fc.weight" \[4, 2\]; .* --labels-map/],
  [{ 'fc.weight': array([3, 2]), 'fc.bias': array([4]) }, /one number a class, \[3\], .*"fc.bias" \[4\]/],
  [{ 'fc.weight': array([3, 2], [0, 0, 0, Number.NaN, 0, 0]) }, /"fc.weight" is NaN at element 3/],
  [
    { 'fc.weight': { shape: [3, 2], dtype: 'int32', data: new Int32Array(6) } },
    /floating-point numbers in "fc.weight" of x.pth, but it is int32/,
  ],
] as const)('%j is refused', (rest, message) => {
  expect(() => find(rest)).toThrow(DataError);
  expect(() => find(rest)).toThrow(message);
});

describe('classes', () => {
  beforeAll(async () => void (await loadEngine({ backend: 'wasm' })));
  const features = { values: Float32Array.of(1, 0, 0, 1, 2, 3), featureDim: 2 };
  const weight = array([3, 2], [1, 0, 0, 1, 3, -9]);

  it('are those of the largest W f + b, times s', () => {
    const before = tf.memory().numTensors;
    expect([...classesBy(find({ weight }), features)]).toEqual([2, 1, 1]);
    const bias = array([3], [0, 0, -5]);
    expect([...classesBy(find({ weight, bias }), features)]).toEqual([0, 1, 1]);
    const scales = array([3], [9, 1, 1]);
    expect([...classesBy(find({ 'fc.weight': weight, 'fc.bias': bias, scales }), features)]).toEqual([
      0, 1, 0,
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are ours where an order of rows says which, and of unit rows where the head is a cosine one', () => {
    const order = Int32Array.of(1, 0);
    expect([...classesBy(find({ weight }), features, { order })]).toEqual([1, 0, 0]);
    expect([...classesBy(find({ weight }), features, { cosine: true })]).toEqual([0, 1, 1]);
  });

  it('of more features than are multiplied at once', () => {
    const values = Float32Array.from({ length: 2 * 2500 }, (_, i) =>
      (i >> 1) % 3 === 0 ? i % 2 : 1 - (i % 2),
    );
    const found = classesBy(find({ weight }), { values, featureDim: 2 });
    expect([...found]).toEqual(Array.from({ length: 2500 }, (_, i) => (i % 3 === 0 ? 1 : 2)));
  });
});
