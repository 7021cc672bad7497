/** This package's kernels of linear algebra. */
import * as tf from '@tensorflow/tfjs-core';
import * as own from '../index.ts';
import { tensor, whole } from './arbitraries.ts';
import type { Table } from './case.ts';
import { ownRow } from './own-row.ts';

export const OWN_LINEAR_ALGEBRA: Table = {
  ...ownRow(
    own.SolvePositive,
    (draw) => {
      const [size, columns] = [draw(whole, 1, 9), draw(whole, 1, 5)];
      return {
        inputs: { a: draw(tensor, [size, size]), b: draw(tensor, [size, columns]) },
        attributes: { ridge: draw(whole, 1, 9) },
      };
    },
    { derived: ({ a }) => ({ a: tf.matMul(a!, a!, true) }) },
  ),
};
