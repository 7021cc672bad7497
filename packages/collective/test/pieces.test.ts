import { expect, it } from 'vitest';
import { piecesOf } from '../src/mpi.ts';

it('an array that is longer than a count of MPI can say goes in pieces, where it lies', () => {
  const values = Float64Array.from({ length: 7 }, (_, i) => i);
  const pieces = piecesOf(values, 3 * 8);
  expect(pieces.map((piece) => [...piece])).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  expect(pieces.every(({ buffer }) => buffer === values.buffer)).toBe(true);
  expect(piecesOf(values)).toEqual([values]);
  expect(piecesOf(new Uint8Array(0))).toEqual([]);
});
