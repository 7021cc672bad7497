/** One tensor in, one of its shape out, value by value. */
import * as tf from '@tensorflow/tfjs-core';
import { oneOf, shape, tensor, type ValueOptions, value } from './arbitraries.ts';
import { EXACT, ROUNDING, type Row, type Table, type Tolerance } from './case.ts';

type Dtype = NonNullable<ValueOptions['dtype']>;

/** @param options of the values; `dtypes` are those that the kernel takes */
const unary = (
  { dtypes = ['float32'], ...options }: ValueOptions & { dtypes?: readonly Dtype[] } = {},
  tolerance: Tolerance = ROUNDING,
): Row => ({
  cases: (draw) => ({
    inputs: { x: draw(tensor, draw(shape), { ...options, dtype: draw(oneOf<Dtype>, dtypes) }) },
  }),
  tolerance,
});

const DTYPES = ['float32', 'int32', 'bool'] as const;
/** Of int32 the other functions have no meaning: the cpu drops what is behind the point. */
const numbers = { dtypes: ['float32', 'float32', 'int32'] as const, huge: true };
const special = { special: true };
/** Wide enough for functions whose values leave float32's range. */
const wide = { low: -100, high: 100, special: true };
/** Where the function ends, also beyond. */
const unit = { low: -1.25, high: 1.25, special: true };

export const UNARY: Table = {
  // Through float32 and, of squares, float64 the cpu loses the last places of large integers.
  [tf.Abs]: unary({ ...numbers, special: true, huge: false }, EXACT),
  [tf.Acos]: unary(unit),
  // Near 1 the root of the difference is taken: half of the places are left.
  [tf.Acosh]: unary({ low: 0, high: 9, special: true }, { absolute: 1e-3, relative: 1e-5 }),
  [tf.Asin]: unary(unit),
  [tf.Asinh]: unary(special),
  [tf.Atan]: unary(special),
  [tf.Atanh]: unary(unit),
  [tf.Ceil]: unary({ ...numbers, special: true }, EXACT),
  [tf.Cos]: unary(special),
  [tf.Cosh]: unary(wide, { absolute: 1e-6, relative: 2e-5 }),
  [tf.Elu]: unary(special),
  // The cpu's own formula is good to 1.5e-7.
  [tf.Erf]: unary(special, { absolute: 2e-6, relative: 1e-5 }),
  [tf.Exp]: unary({ ...wide, dtypes: ['float32', 'int32'] }, { absolute: 1e-6, relative: 2e-5 }),
  [tf.Expm1]: unary(wide, { absolute: 1e-6, relative: 2e-5 }),
  [tf.Floor]: unary({ ...numbers, special: true }, EXACT),
  [tf.IsFinite]: unary({ dtypes: DTYPES, special: true }, EXACT),
  [tf.IsInf]: unary({ dtypes: DTYPES, special: true }, EXACT),
  [tf.IsNan]: unary({ dtypes: DTYPES, special: true }, EXACT),
  [tf.Log]: unary(special),
  [tf.Log1p]: unary(special),
  [tf.LogicalNot]: unary({ dtypes: ['bool'] }, EXACT),
  [tf.Neg]: unary({ ...numbers, special: true }, EXACT),
  [tf.Reciprocal]: unary(special),
  [tf.Relu]: unary({ ...numbers, special: true }, EXACT),
  [tf.Relu6]: unary({ ...numbers, low: -9, special: true, high: 9 }, EXACT),
  [tf.Round]: unary({ ...numbers, special: true }, EXACT),
  [tf.Rsqrt]: unary(special),
  [tf.Selu]: unary(special),
  [tf.Sigmoid]: unary(wide),
  [tf.Sign]: unary({ ...numbers, special: true }, EXACT),
  [tf.Sin]: unary(special),
  [tf.Sinh]: unary(wide, { absolute: 1e-6, relative: 2e-5 }),
  [tf.Softplus]: unary(wide),
  [tf.Sqrt]: unary(special),
  [tf.Square]: unary({ ...numbers, special: true, huge: false }),
  [tf.Tan]: unary({ low: -1.5, high: 1.5, special: true }),
  [tf.Tanh]: unary(special),
  [tf.ZerosLike]: unary({ dtypes: [...DTYPES, 'complex64'], special: true, huge: true }, EXACT),
  [tf.OnesLike]: unary({ dtypes: DTYPES, special: true }, EXACT),
  [tf.Identity]: unary({ dtypes: [...DTYPES, 'complex64'], special: true, huge: true }, EXACT),
  [tf.Step]: {
    cases: (draw) => ({
      inputs: { x: draw(tensor, draw(shape), { special: true }) },
      attributes: { alpha: draw(value, { low: -2, high: 2 }) },
    }),
    tolerance: EXACT,
  },
  [tf.LeakyRelu]: {
    cases: (draw) => ({
      inputs: { x: draw(tensor, draw(shape), { special: true }) },
      attributes: { alpha: draw(value, { low: 0.125, high: 2 }) },
    }),
  },
  [tf.ClipByValue]: {
    cases: (draw) => {
      const [a, b] = [draw(value, { low: -3, high: 3 }), draw(value, { low: -3, high: 3 })];
      return {
        inputs: { x: draw(tensor, draw(shape), { special: true }) },
        attributes: { clipValueMin: Math.min(a, b), clipValueMax: Math.max(a, b) },
      };
    },
    tolerance: EXACT,
  },
  [tf.Cast]: {
    cases: (draw) => {
      const from = draw(oneOf<Dtype>, ['float32', 'int32', 'bool']);
      const to = draw(oneOf<Dtype>, [...DTYPES, 'complex64']);
      // NaN and infinities have no integer; as a float the cpu leaves an integer what it is.
      const options = { dtype: from, special: to !== 'int32', huge: to === 'bool' || to === 'int32' };
      return { inputs: { x: draw(tensor, draw(shape), options) }, attributes: { dtype: to } };
    },
    tolerance: EXACT,
  },
};
