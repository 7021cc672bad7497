/** JavaScript's numbers as libtorch takes them: it refuses what a tensor's type does not hold, tfjs's other backends do not. */
import type { DtypeName } from './native.ts';

/**
 * A number as a typed array of the type would keep it: beyond float32 it is an infinity, of an int32 its lowest 32 bits
 * remain (of NaN and infinities 0), of a bool whether its lowest 8 have any.
 */
export function heldIn(dtype: DtypeName, value: number): number {
  if (dtype === 'float32') return Math.fround(value);
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number((value & 255) !== 0) : value;
}
