/** Every kernel's row, and the kernels that have none. */
import * as tf from '@tensorflow/tfjs-core';
import { SymmetricEigen } from '../index.ts';
import { BINARY } from './binary.ts';
import type { Table } from './case.ts';
import { CONV } from './conv.ts';
import { MATRIX } from './matrix.ts';
import { OWN } from './own.ts';
import { OWN_LINEAR_ALGEBRA } from './own-linear-algebra.ts';
import { OWN_TRAINING } from './own-training.ts';
import { OWN_TRANSFORMER } from './own-transformer.ts';
import { PICTURES } from './pictures.ts';
import { PLACES } from './places.ts';
import { POOL } from './pool.ts';
import { REDUCE } from './reduce.ts';
import { SHAPES } from './shapes.ts';
import { SPARSE } from './sparse.ts';
import { TEXT } from './text.ts';
import { UNARY } from './unary.ts';

/** This package's: every backend has them. */
export const OWN_KERNELS: Table = { ...OWN, ...OWN_LINEAR_ALGEBRA, ...OWN_TRAINING, ...OWN_TRANSFORMER };

export const TABLE: Table = {
  ...UNARY,
  ...BINARY,
  ...REDUCE,
  ...SHAPES,
  ...PLACES,
  ...MATRIX,
  ...CONV,
  ...POOL,
  ...PICTURES,
  ...SPARSE,
  ...TEXT,
  ...OWN_KERNELS,
};

/** Kernels that cannot be compared with the cpu's, each with its reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  [tf.Draw]: 'it draws on an HTML canvas, which Node has not',
  [tf.Multinomial]: 'it draws random numbers, each backend by its own generator',
  [SymmetricEigen.name]:
    'the sign of an eigenvector is free; describeKernels compares them with one that is fixed',
};
