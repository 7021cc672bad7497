/** Shapes and values, the nasty ones among them: no place at all, zeros of both signs, NaN, infinities. */
import fc from 'fast-check';
import type { TensorValues } from './case.ts';

export interface ShapeOptions {
  /** Of exactly this rank. */
  readonly rank?: number;
  readonly minRank?: number;
  readonly maxRank?: number;
  /** The smallest and largest size of an axis. */
  readonly least?: number;
  readonly most?: number;
}

/** High ranks get short axes, so that no tensor has more than a few hundred values. */
export const shape = ({
  rank,
  minRank = 0,
  maxRank = 6,
  least = 0,
  most = 7,
}: ShapeOptions = {}): fc.Arbitrary<number[]> =>
  fc.integer({ min: rank ?? minRank, max: rank ?? maxRank }).chain((n) => {
    const longest = Math.max(least, Math.min(most, n <= 2 ? 7 : n <= 4 ? 4 : 2));
    const size = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: Math.max(1, least), max: longest }) },
      { weight: 1, arbitrary: fc.constant(least) },
    );
    return fc.array(size, { minLength: n, maxLength: n });
  });

export interface ValueOptions {
  readonly dtype?: 'float32' | 'int32' | 'bool' | 'complex64';
  readonly low?: number;
  readonly high?: number;
  /** Also NaN and both infinities: where the cpu's meaning of them is TensorFlow's. */
  readonly special?: boolean;
  /** Of int32: also those that a float32 cannot hold. */
  readonly huge?: boolean;
  /** Only multiples of a half: where ties, or exact arithmetic, matter. */
  readonly halves?: boolean;
}

/** Floats on a grid of 2^-16: none so small that a library may flush it to zero. */
const floats = ({ low = -4, high = 4, special = false, halves = false }: ValueOptions) => {
  const on = (steps: number) =>
    fc.integer({ min: Math.ceil(low * steps), max: Math.floor(high * steps) }).map((n) => n / steps);
  const zeros = low <= 0 && high >= 0 ? [0, -0] : [];
  const rare = [...zeros, ...(special ? [Number.NaN, Infinity, -Infinity] : [])];
  return fc.oneof(
    ...(halves ? [] : [{ weight: 8, arbitrary: on(2 ** 16) }]),
    { weight: 4, arbitrary: on(2) },
    ...(rare.length ? [{ weight: 2, arbitrary: fc.constantFrom(...rare) }] : []),
  );
};

const HUGE = [2 ** 24 + 1, -(2 ** 24) - 1, 2 ** 31 - 1, -(2 ** 31)];

/** One value. */
export function value(options: ValueOptions = {}): fc.Arbitrary<number> {
  const { dtype = 'float32', low = -9, high = 9, huge = false } = options;
  if (dtype === 'int32') {
    const common = fc.integer({ min: Math.ceil(low), max: Math.floor(high) });
    return huge ? fc.oneof({ weight: 8, arbitrary: common }, { weight: 1, arbitrary: oneOf(HUGE) }) : common;
  }
  return dtype === 'bool' ? fc.integer({ min: 0, max: 1 }) : floats(options);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A tensor of a shape. */
export function tensor(shape: readonly number[], options: ValueOptions = {}): fc.Arbitrary<TensorValues> {
  const { dtype = 'float32' } = options;
  const length = sizeOf(shape) * (dtype === 'complex64' ? 2 : 1);
  return fc
    .array(value(options), { minLength: length, maxLength: length })
    .map((values) => ({ shape, dtype, values }));
}

/** int32 from 0 to before `end`. */
export const indices = (shape: readonly number[], end: number): fc.Arbitrary<TensorValues> =>
  tensor(shape, { dtype: 'int32', low: 0, high: end - 1 });

/** A number from low to high, both included. */
export const whole = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low, max: high });

export const oneOf = <T>(choices: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...choices);

/** Some of the axes, in order; `least` of them. */
export const someAxes = (rank: number, least = 0): fc.Arbitrary<number[]> =>
  fc.subarray(
    Array.from({ length: rank }, (_, axis) => axis),
    { minLength: least },
  );

export const permutation = (rank: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(
    Array.from({ length: rank }, (_, axis) => axis),
    { minLength: rank, maxLength: rank },
  );

/** A shape that broadcasts to another: some axes 1, some of the first ones left out. */
export const broadcastable = (to: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: to.length })),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: to.length, maxLength: to.length }),
    )
    .map(([start, dice]) => to.map((size, axis) => (dice[axis] === 3 ? 1 : size)).slice(start));

/** Given by itself. */
export const given = (
  shape: readonly number[],
  dtype: TensorValues['dtype'],
  values: readonly (number | string)[],
): TensorValues => ({ shape, dtype, values });
