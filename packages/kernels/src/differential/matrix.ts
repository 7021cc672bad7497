/** Products of matrices and tensors; the spectrum; complex numbers taken apart. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { oneOf, shape, tensor, type ValueOptions, whole } from './arbitraries.ts';
import { type Case, type Draw, EXACT, ROUNDING, type Row, SUMS, type Table } from './case.ts';

export const ACTIVATIONS = ['linear', 'relu', 'elu', 'relu6', 'sigmoid', 'leakyrelu', 'prelu'] as const;

/** Matrices, in batches; turned over or not. Of two batches that broadcast to a third the cpu takes wrong pairs. */
function matrices(draw: Draw, maxRank = 4): Case & { readonly out: number[] } {
  const batch = draw(shape, { maxRank: maxRank - 2, least: 1, most: 3 });
  const batches = [batch, batch, batch.map(() => 1)];
  const [n, k, m] = [draw(whole, 1, 5), draw(whole, 1, 6), draw(whole, 1, 5)];
  const [transposeA, transposeB] = [draw(fc.boolean), draw(fc.boolean)];
  const of = (rows: number, columns: number, turned: boolean) =>
    draw(tensor, [...draw(oneOf<number[]>, batches), ...(turned ? [columns, rows] : [rows, columns])]);
  const [a, b] = [of(n, k, transposeA), of(k, m, transposeB)];
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  return {
    inputs: { a, b },
    attributes: { transposeA, transposeB },
    out: [...tf.backend_util.assertAndGetBroadcastShape(left, right), n, m],
  };
}

const EQUATIONS = ['ij,jk->ik', 'ij,ij->', 'bij,bjk->bik', 'ij->ji', 'bi,ij->bj', 'i,j->ij', 'abc,cd->abd'];

const einsum: Row['cases'] = (draw) => {
  const equation = draw(oneOf<string>, EQUATIONS);
  const sizes = new Map(Array.from('abcdijk', (letter) => [letter, draw(whole, 1, 4)]));
  const terms = equation.split('->')[0]!.split(',');
  return {
    inputs: terms.map((term) =>
      draw(
        tensor,
        Array.from(term, (letter) => sizes.get(letter)!),
      ),
    ),
    attributes: { equation },
  };
};

const spectrum: Row = {
  cases: (draw) => ({
    inputs: { input: draw(tensor, [draw(whole, 1, 3), draw(whole, 1, 12)], { dtype: 'complex64' }) },
  }),
  tolerance: { absolute: 1e-4, relative: 1e-5 },
};

const apart =
  (input: string, dtypes: readonly NonNullable<ValueOptions['dtype']>[]): Row['cases'] =>
  (draw) => ({
    inputs: {
      [input]: draw(tensor, draw(shape), { dtype: draw(oneOf<'float32' | 'complex64'>, dtypes as never) }),
    },
  });

export const MATRIX: Table = {
  [tf.BatchMatMul]: { cases: (draw) => matrices(draw), tolerance: SUMS },
  [tf._FusedMatMul]: {
    cases: (draw) => {
      const { inputs, attributes, out } = matrices(draw, 3);
      const activation = draw(oneOf<string>, ACTIVATIONS);
      const along = draw(oneOf<number[]>, [out.slice(-1), [1, out.at(-1)!]]);
      return {
        inputs: {
          ...(inputs as Record<string, never>),
          bias: draw(fc.boolean) ? draw(tensor, along) : undefined,
          preluActivationWeights: activation === 'prelu' ? draw(tensor, out.slice(-1)) : undefined,
        },
        attributes: { ...attributes, activation, leakyreluAlpha: 0.25 },
      };
    },
    tolerance: SUMS,
  },
  [tf.Einsum]: { cases: einsum, tolerance: SUMS },
  [tf.FFT]: spectrum,
  [tf.IFFT]: spectrum,
  [tf.Complex]: {
    cases: (draw) => {
      const x = draw(shape);
      return {
        inputs: { real: draw(tensor, x, { special: true }), imag: draw(tensor, x, { special: true }) },
      };
    },
    tolerance: EXACT,
  },
  [tf.Real]: { cases: apart('input', ['complex64']), tolerance: EXACT },
  [tf.Imag]: { cases: apart('input', ['complex64']), tolerance: EXACT },
  [tf.ComplexAbs]: { cases: apart('x', ['complex64']), tolerance: ROUNDING },
};
