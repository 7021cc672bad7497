import { expect, it } from 'vitest';
import { keptPieces } from '../src/parquet/kept.ts';

const decoded = (bytes: number) => ({ values: new Uint8Array(bytes), missing: undefined });

it('keeps the last piece of each column, and the latest others in so many bytes', () => {
  const kept = keptPieces(100);
  for (const column of [0, 1, 2]) kept.set(column, 0, decoded(200));
  for (const column of [0, 1, 2]) expect(kept.get(column, 0)).toBeDefined();
  kept.set(0, 10, decoded(10));
  expect(kept.get(0, 0)).toBe(undefined);
  expect(kept.get(0, 10)).toEqual(decoded(10));
  const some = keptPieces(100);
  for (const start of [0, 1, 2, 3]) some.set(0, start, decoded(30));
  expect([0, 1, 2, 3].map((start) => some.get(0, start) !== undefined)).toEqual([false, true, true, true]);
  some.get(0, 1);
  some.set(0, 4, decoded(30));
  expect([1, 2, 3, 4].map((start) => some.get(0, start) !== undefined)).toEqual([true, false, true, true]);
});
