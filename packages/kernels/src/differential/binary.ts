/** Two tensors, broadcast to one shape; a condition and two; sums of many. */
import * as tf from '@tensorflow/tfjs-core';
import { broadcastable, oneOf, shape, tensor, type ValueOptions, whole } from './arbitraries.ts';
import { type Draw, EXACT, ROUNDING, type Row, type Table, type Tolerance } from './case.ts';

type Dtype = NonNullable<ValueOptions['dtype']>;

/** Two shapes that fit each other. */
function pair(draw: Draw): [number[], number[]] {
  const to = draw(shape);
  return [draw(broadcastable, to), draw(broadcastable, to)];
}

const twice = (x: number[]): [number[], number[]] => [x, x];

const binary = (
  { dtypes = ['float32'], ...options }: ValueOptions & { dtypes?: readonly Dtype[] } = {},
  tolerance: Tolerance = ROUNDING,
  second: ValueOptions = {},
): Row => ({
  cases: (draw) => {
    const dtype = draw(oneOf<Dtype>, dtypes);
    // The cpu's complex numbers do not broadcast: NaN.
    const [a, b] = dtype === 'complex64' ? twice(draw(shape)) : pair(draw);
    return {
      inputs: {
        a: draw(tensor, a, { ...options, dtype }),
        b: draw(tensor, b, { ...options, ...second, dtype }),
      },
    };
  },
  tolerance,
});

const numbers = { dtypes: ['float32', 'float32', 'int32'] as const, special: true, huge: true };
const all = { dtypes: ['float32', 'int32', 'bool'] as const, special: true, huge: true };
const withComplex = { dtypes: ['float32', 'float32', 'int32', 'complex64'] as const, huge: true };
const bools = { dtypes: ['bool'] as const };

export const BINARY: Table = {
  [tf.Add]: binary(withComplex),
  [tf.Sub]: binary(withComplex),
  // Of products beyond 2^53 the cpu loses the last places.
  [tf.Multiply]: binary({ ...withComplex, huge: false }),
  [tf.RealDiv]: binary({ special: true }),
  // JavaScript's powers of 1 to NaN and to infinity are NaN.
  [tf.Pow]: binary({ special: true }, ROUNDING, { special: false }),
  [tf.Maximum]: binary(numbers, EXACT),
  [tf.Minimum]: binary(numbers, EXACT),
  [tf.SquaredDifference]: binary({ ...numbers, huge: false }),
  [tf.Atan2]: binary({ special: true }),
  [tf.BitwiseAnd]: binary({ dtypes: ['int32'], low: -(2 ** 31), high: 2 ** 31 - 1 }, EXACT),
  // Of floats the cpu makes an int32, TensorFlow a float32.
  [tf.FloorDiv]: {
    ...binary({ dtypes: ['int32', 'float32'], halves: true }, EXACT, { low: 1 }),
    run: (inputs) => {
      const { a, b } = inputs as Record<'a' | 'b', tf.Tensor>;
      return tf.cast(tf.floorDiv(a, b), 'float32');
    },
  },
  [tf.Mod]: binary({ dtypes: ['int32', 'float32'], halves: true }, EXACT, { low: 1 }),
  [tf.Equal]: binary(all, EXACT),
  [tf.NotEqual]: binary(all, EXACT),
  [tf.Greater]: binary(all, EXACT),
  [tf.GreaterEqual]: binary(all, EXACT),
  [tf.Less]: binary(all, EXACT),
  [tf.LessEqual]: binary(all, EXACT),
  [tf.LogicalAnd]: binary(bools, EXACT),
  [tf.LogicalOr]: binary(bools, EXACT),
  [tf.Prelu]: {
    cases: (draw) => {
      const x = draw(shape);
      return {
        inputs: {
          x: draw(tensor, x, { special: true }),
          alpha: draw(tensor, draw(broadcastable, x), { low: 0.125, high: 2 }),
        },
      };
    },
  },
  [tf.EluGrad]: {
    cases: (draw) => {
      const x = draw(shape);
      return { inputs: { dy: draw(tensor, x), y: draw(tensor, x, { low: -1 }) } };
    },
  },
  [tf.AddN]: {
    cases: (draw) => {
      const x = draw(shape);
      const dtype = draw(oneOf<Dtype>, ['float32', 'int32']);
      return { inputs: Array.from({ length: draw(whole, 1, 4) }, () => draw(tensor, x, { dtype })) };
    },
    tolerance: { absolute: 2e-6, relative: 1e-5 },
  },
  // Of a condition of rank 1, which chooses rows, the cpu repeats each row's first value; tf.where broadcasts before.
  [tf.Select]: {
    cases: (draw) => {
      const x = draw(shape);
      const dtype = draw(oneOf<Dtype>, ['float32', 'int32', 'bool']);
      return {
        inputs: {
          condition: draw(tensor, x, { dtype: 'bool' }),
          t: draw(tensor, x, { dtype, special: true }),
          e: draw(tensor, x, { dtype, special: true, huge: true }),
        },
      };
    },
    tolerance: EXACT,
  },
};
