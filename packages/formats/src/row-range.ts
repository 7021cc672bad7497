/** Which rows may be asked for. */
import { InputError, shown } from '@longtail/core';

/** 4 GiB of float32: what one call may ask for. */
const MAX_ELEMENTS = 2 ** 30;

/** @throws InputError unless 0 <= start <= end <= length, and the rows are not too many for one call */
export function checkRange(
  path: string,
  { start, end, length, width = 1 }: { start: number; end: number; length: number; width?: number },
): void {
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length))
    throw new InputError(
      `${path}: expected rows [start, end) within [0, ${length}), but [${shown(start)}, ${shown(end)}) was asked for.`,
      { path, start, end, length },
    );
  if ((end - start) * width > MAX_ELEMENTS)
    throw new InputError(
      `${path}: expected at most ${MAX_ELEMENTS} elements in one call, but ${end - start} rows of ${width} were asked for; read fewer rows at once.`,
      { path, start, end, width },
    );
}
