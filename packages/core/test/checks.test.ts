import { describe, expect, it } from 'vitest';
import {
  asCounts,
  checkFunctions,
  checkIntegers,
  checkLists,
  checkNumbers,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkPositions,
  checkStrings,
  InputError,
  random,
} from '../src/index.ts';

const train = { length: 10, of: 'train' };

describe('checks', () => {
  it.each<[string, () => unknown]>([
    [
      'the options of capped must be an object, but it is undefined.',
      () => checkOptions(undefined as never, { of: 'capped' }),
    ],
    [
      'the options of cdt must be an object, but it is an array of 1.',
      () => checkOptions([0.2], { of: 'cdt' }),
    ],
    [
      'scores must be an array or a typed array, but it is a promise; await it.',
      () => checkLists({ scores: Promise.resolve([1]) }),
    ],
    ['cap must be an integer >= 1, but it is "1".', () => checkIntegers({ cap: '1' })],
    [
      'rank must be an integer from 0 to 3, but it is 4.',
      () => checkIntegers({ rank: 4 }, { least: 0, most: 3 }),
    ],
    ['cap must be an integer >= 1, but it is 1n.', () => checkIntegers({ cap: 1n })],
    [
      'beta must be a number in [0, 1), but it is 1.',
      () => checkNumbers({ beta: 1 }, { least: 0, below: 1 }),
    ],
    ['alpha must be a number above 0, but it is 0.', () => checkNumbers({ alpha: 0 }, { above: 0 })],
    ['tau must be a finite number, but it is an object.', () => checkNumbers({ tau: {} })],
    [
      'form must be one of softmax, sigmoid, but it is "toString".',
      () => checkOneOf({ form: 'toString' }, ['softmax', 'sigmoid']),
    ],
    ['a sampler must be an object, but it is a function.', () => checkObjects({ 'a sampler': () => 0 })],
    ['make must be a function, but it is null.', () => checkFunctions({ make: null })],
    ['name must be a string, but it is a symbol.', () => checkStrings({ name: Symbol('a') })],
    ['labels must be an array or a typed array, but it is "012".', () => checkLists({ labels: '012' })],
    ['indices[1] is 10, but train has the images 0 to 9.', () => checkPositions([0, 10], train)],
    ['indices[0] is -1, but', () => checkPositions(Int32Array.of(-1), train)],
    ['indices[0] is 1.5, but', () => checkPositions([1.5], train)],
    ['indices[0] is NaN, but', () => checkPositions([Number.NaN], train)],
    ['indices[0] is "1", but', () => checkPositions(['1'] as never, train)],
    ['indices must name an image of train at least', () => checkPositions([], train)],
    ['but train has no image.', () => checkPositions([0], { ...train, length: 0 })],
    ['the count of class 1 is NaN', () => asCounts([1, Number.NaN])],
    ['the count of class 0 is -3', () => asCounts([-3])],
    ['the count of class 1 is undefined', () => asCounts([5, undefined as never])],
    ['but there are none; count the training labels', () => asCounts([])],
    ['but all 2 are 0; count the training labels', () => asCounts([0, 0])],
  ])('%s', (message, run) => {
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });

  it('a million positions take a few milliseconds', () => {
    const many = new Int32Array(1e6);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      checkPositions(many, train);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(30); // 2 ms on a machine of its own
  });

  it('a seed of another kind, and what numbers cannot be drawn from', () => {
    for (const bad of ['1', undefined, null, 1n, {}, Number.POSITIVE_INFINITY])
      expect(() => random(bad as never)).toThrow(InputError);
    expect(() => random(0, null as never)).toThrow('a seed must be an integer, but null was given.');
    for (const bad of [0, Number.NaN, 2 ** 33, '3'])
      expect(() => random(0).integer(bad as never)).toThrow(InputError);
    expect(() => random(0).shuffle(undefined as never)).toThrow(InputError);
  });
});
