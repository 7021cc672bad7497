import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addExact, exactAt, exactOver, exactSums } from '../src/exact-sums.ts';

it('sums of what 52 bits after the point hold are exact, in any order, where plain sums are not', () => {
  // Multiples of 2^-40 up to 2^10: their sum is an integer of 2^-40 that a double still holds.
  const numbers = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 50 });
  fc.assert(
    fc.property(numbers, (units) => {
      const [forth, back] = [exactSums(1), exactSums(1)];
      for (const unit of units) addExact(forth, 0, unit / 2 ** 40);
      for (const unit of units.toReversed()) addExact(back, 0, unit / 2 ** 40);
      expect(forth).toEqual(back);
      expect(exactAt(forth, 0) * 2 ** 40 + 0).toBe(units.reduce((a, b) => a + b, 0));
    }),
  );
  const sums = exactSums(2);
  for (const x of [1e15, 0.1, -1e15]) addExact(sums, 1, x);
  expect(exactAt(sums, 1)).toBeCloseTo(0.1, 15);
  expect(1e15 + 0.1 - 1e15).not.toBeCloseTo(0.1, 15);
  expect(exactOver(sums, [0, 1])).toBe(exactAt(sums, 1));
});

it('an infinite number makes the sum infinite', () => {
  const sums = exactSums(1);
  for (const x of [0.5, Number.POSITIVE_INFINITY]) addExact(sums, 0, x);
  expect(exactAt(sums, 0)).toBe(Number.POSITIVE_INFINITY);
});
