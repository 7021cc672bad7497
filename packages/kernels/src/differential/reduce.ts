/** Over some axes: sums and the like, running ones, places of the largest; softmax. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { oneOf, shape, someAxes, tensor, type ValueOptions, whole } from './arbitraries.ts';
import { EXACT, type Row, SUMS, type Table, type Tolerance } from './case.ts';
import { runByName } from './run.ts';

type Dtype = NonNullable<ValueOptions['dtype']>;
type Options = ValueOptions & { readonly dtypes?: readonly Dtype[]; readonly least?: number };

/** @param options.least the smallest size of an axis: 1 where nothing has no answer */
const over = (
  attribute: 'axis' | 'reductionIndices',
  { dtypes = ['float32'], least = 0, ...options }: Options,
  tolerance: Tolerance,
): Row => ({
  cases: (draw) => {
    const x = draw(shape, { least, maxRank: 5 });
    return {
      inputs: { x: draw(tensor, x, { ...options, dtype: draw(oneOf<Dtype>, dtypes) }) },
      attributes: { [attribute]: draw(someAxes, x.length), keepDims: draw(fc.boolean) },
    };
  },
  tolerance,
});

/** Halves, so that there are ties: the first place wins. A NaN that comes first is the cpu's answer. */
const place: Row = {
  cases: (draw) => {
    const x = draw(shape, { minRank: 1, least: 1 });
    const dtype = draw(oneOf<Dtype>, ['float32', 'int32', 'bool']);
    return {
      inputs: { x: draw(tensor, x, { dtype, halves: draw(fc.boolean), huge: true }) },
      attributes: { axis: draw(whole, 0, x.length - 1) },
    };
  },
  tolerance: EXACT,
};

const running = (options: ValueOptions, tolerance: Tolerance): Row => ({
  cases: (draw) => {
    const x = draw(shape, { minRank: 1 });
    return {
      inputs: { x: draw(tensor, x, { ...options, dtype: draw(oneOf<Dtype>, ['float32', 'int32']) }) },
      // tfjs turns the axis to the last one before it asks for the kernel.
      attributes: { axis: x.length - 1, exclusive: draw(fc.boolean), reverse: draw(fc.boolean) },
    };
  },
  tolerance,
});

const along = (attribute: 'dim' | 'axis'): Row => ({
  cases: (draw) => {
    const x = draw(shape, { minRank: 1, least: 1 });
    return {
      inputs: { logits: draw(tensor, x, { low: -50, high: 50 }) },
      attributes: { [attribute]: x.length - 1 },
    };
  },
});

/** Products of up to some hundred values near 1. */
const PRODUCTS: Tolerance = { absolute: 1e-6, relative: 1e-4 };

export const REDUCE: Table = {
  [tf.Sum]: over('axis', { dtypes: ['float32', 'float32', 'int32', 'bool'] }, SUMS),
  [tf.Mean]: over('axis', { dtypes: ['float32', 'int32'], least: 1 }, SUMS),
  [tf.Prod]: over('axis', { dtypes: ['float32', 'float32', 'int32', 'bool'], low: 0.5, high: 1.5 }, PRODUCTS),
  [tf.Max]: over(
    'reductionIndices',
    { dtypes: ['float32', 'int32', 'bool'], least: 1, special: true, huge: true },
    EXACT,
  ),
  [tf.Min]: over('axis', { dtypes: ['float32', 'int32'], least: 1, special: true, huge: true }, EXACT),
  // Of nothing at all the cpu says that not all is true.
  [tf.All]: over('axis', { dtypes: ['bool'], least: 1 }, EXACT),
  [tf.Any]: over('axis', { dtypes: ['bool'] }, EXACT),
  [tf.ArgMax]: place,
  [tf.ArgMin]: place,
  [tf.Cumsum]: running({}, SUMS),
  [tf.Cumprod]: running({ low: 0.5, high: 1.5 }, PRODUCTS),
  [tf.Softmax]: along('dim'),
  // The cpu has no kernel of it: tf.logSoftmax is several operations.
  [tf.LogSoftmax]: {
    ...along('axis'),
    run: (inputs, attributes) => {
      const { logits } = inputs as { logits: tf.Tensor };
      const has = tf.getKernel(tf.LogSoftmax, tf.getBackend());
      return has ? runByName(tf.LogSoftmax, inputs, attributes) : tf.logSoftmax(logits);
    },
  },
  [tf.TopK]: {
    cases: (draw) => {
      const x = draw(shape, { minRank: 1, least: 1 });
      return {
        inputs: {
          x: draw(tensor, x, { dtype: draw(oneOf<Dtype>, ['float32', 'int32']), halves: true, huge: true }),
        },
        attributes: { k: draw(whole, 0, x.at(-1)!), sorted: true },
      };
    },
    tolerance: EXACT,
  },
};
