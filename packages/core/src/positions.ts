/** Positions in a set of images, as samplers give them and loaders take them. */
import { checkIntegers, checkLists, checkOptions, checkStrings } from './checks.ts';
import { InputError } from './errors.ts';
import { shown } from './shown.ts';

/**
 * One pass, before anything is read by them.
 *
 * @param positions integers in [0, length)
 * @param options.length of the set
 * @param options.of its name
 * @param options.name what the positions are called in the message
 * @throws InputError naming the first that the set does not have, and its place; or when there is none at all
 * @example
 * checkPositions([0, 12], { length: 10, of: 'train' }); // indices[1] is 12, but train has the images 0 to 9.
 */
export function checkPositions(
  positions: ArrayLike<number>,
  options: { length: number; of: string; name?: string },
): void {
  const { length, of, name = 'indices' } = checkOptions(options, { of: 'checkPositions' });
  checkIntegers({ length }, { least: 0 });
  checkStrings({ of, name });
  checkLists({ [name]: positions });
  const count = positions.length;
  if (count === 0)
    throw new InputError(`${name} must name an image of ${of} at least, but there is none.`, { of });
  for (let i = 0; i < count; i++) {
    const position = positions[i]!;
    if (!(Number.isInteger(position) && position >= 0 && position < length))
      throw new InputError(
        `${name}[${i}] is ${shown(position)}, but ${of} has ${length > 0 ? `the images 0 to ${length - 1}` : 'no image'}.`,
        { index: i, position, length, of },
      );
  }
}
