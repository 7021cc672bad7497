/** How many patches a picture has along its sides. */
import { checkLists, InputError, shown } from '@longtail/core';
import { MOST } from '../checks.ts';

/** Side in pixels, or [height, width]. */
export type PictureSize = number | readonly [height: number, width: number];

export const sidesOf = (size: PictureSize): readonly [number, number] =>
  typeof size === 'number' ? [size, size] : size;

/** @returns rows and columns @throws InputError for sides that are no multiples of the patch */
export function patchGrid(size: PictureSize, patch: number): readonly [rows: number, columns: number] {
  if (typeof size !== 'number') checkLists({ pictureSize: size });
  const sides = sidesOf(size);
  const isFit = (side: number): boolean =>
    Number.isInteger(side) && side > 0 && side % patch === 0 && side / patch <= MOST;
  if (sides.length === 2 && sides.every(isFit)) return [sides[0] / patch, sides[1] / patch];
  throw new InputError(
    `expected a pictureSize of multiples of the patch's ${patch} pixels, but got ${[...sides].map(shown).join(' x ')}.`,
    { pictureSize: size, patch },
  );
}
