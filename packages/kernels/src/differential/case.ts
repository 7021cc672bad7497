/** A kernel's row in the table: how its random inputs and attributes are drawn, and how alike two answers must be. */
import type * as tf from '@tensorflow/tfjs-core';
import type fc from 'fast-check';

/** A tensor as plain data; the values of a complex64 are real and imaginary parts in turn. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly values: readonly (number | string)[];
}

/** What tfjs calls a kernel with: inputs by name, some of them lists, or one list. */
export type Inputs<T> = readonly T[] | Readonly<Record<string, T | readonly T[] | undefined>>;

export interface Case {
  readonly inputs: Inputs<TensorValues>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** |a - b| <= absolute + relative |b|, value by value. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** The last places of float32 (6e-8) through a function of a few roundings. */
export const ROUNDING: Tolerance = { absolute: 1e-6, relative: 1e-5 };
/** Sums of up to some hundred products of values up to 4, in float32 and in another order. */
export const SUMS: Tolerance = { absolute: 2e-4, relative: 2e-5 };
/** No arithmetic, or exact arithmetic. */
export const EXACT: Tolerance = { absolute: 0, relative: 0 };

export type Draw = fc.GeneratorValue;

export interface Row {
  /** Draws one case: `draw(shape, { rank: 2 })` gives a value of that arbitrary. */
  readonly cases: (draw: Draw) => Case;
  readonly tolerance?: Tolerance;
  /** Where the kernel is not simply run by its name. */
  readonly run?: (inputs: Inputs<tf.Tensor>, attributes: object) => tf.Tensor | tf.Tensor[];
}

export type Table = Readonly<Record<string, Row>>;
