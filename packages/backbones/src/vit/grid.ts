/** How many patches a picture has along its sides. */
import { InputError } from '@longtail/core';

/** Side in pixels, or [height, width]. */
export type PictureSize = number | readonly [height: number, width: number];

export const sidesOf = (size: PictureSize): readonly [number, number] =>
  typeof size === 'number' ? [size, size] : size;

/** @returns rows and columns @throws InputError for sides that are no multiples of the patch */
export function patchGrid(size: PictureSize, patch: number): readonly [rows: number, columns: number] {
  const sides = sidesOf(size);
  const [rows, columns] = sides.map((side) => side / patch) as [number, number];
  if (Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0) return [rows, columns];
  throw new InputError(
    `expected a pictureSize of multiples of the patch's ${patch} pixels, but got ${sides.join(' x ')}.`,
    { pictureSize: size, patch },
  );
}
