/** This package's kernels of transformers. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import * as own from '../index.ts';
import { oneOf, shape, tensor, whole } from './arbitraries.ts';
import type { Draw, Table } from './case.ts';
import { ownRow } from './own-row.ts';

/** Rows of at least two values, one far from the others: a spread that float32 can divide by. */
function rows(draw: Draw) {
  const to = [...draw(shape, { minRank: 0, maxRank: 3, most: 4 }), draw(whole, 2, 9)];
  const width = to.at(-1)!;
  const { values, ...rest } = draw(tensor, to);
  const x = { ...rest, values: values.map((v, i) => (i % width === 0 ? 8 : v)) };
  return { to, x, scale: draw(tensor, [width]), offset: draw(tensor, [width]) };
}

function attention(draw: Draw) {
  const [n, tokens, heads, each] = [
    draw(whole, 0, 3),
    draw(whole, 1, 9),
    draw(whole, 1, 3),
    draw(whole, 1, 9),
  ];
  const width = heads * each;
  return {
    qkv: draw(tensor, [n, tokens, 3 * width], { low: -2, high: 2 }),
    dy: draw(tensor, [n, tokens, width]),
    attributes: { heads },
  };
}

const form = (draw: Draw) => ({ form: draw(oneOf<string>, ['erf', 'sigmoid']) });

export const OWN_TRANSFORMER: Table = {
  ...ownRow(own.Linear, (draw) => {
    const [n, inputs, outputs] = [draw(whole, 0, 9), draw(whole, 1, 9), draw(whole, 1, 9)];
    return {
      inputs: {
        x: draw(tensor, [n, inputs]),
        weight: draw(tensor, [outputs, inputs]),
        bias: draw(fc.boolean) ? draw(tensor, [outputs]) : undefined,
      },
    };
  }),
  ...ownRow(own.LayerNorm, (draw) => {
    const { x, scale, offset } = rows(draw);
    return { inputs: { x, scale, offset }, attributes: { epsilon: 0.001 } };
  }),
  ...ownRow(
    own.LayerNormGrad,
    (draw) => {
      const { to, x, scale } = rows(draw);
      return { inputs: { dy: draw(tensor, to), x, scale } };
    },
    {
      derived: ({ x }) => {
        const { mean, variance } = tf.moments(x!, -1, true);
        return { mean, inverseDeviation: tf.rsqrt(tf.add(variance, 0.001)) };
      },
    },
  ),
  ...ownRow(own.Gelu, (draw) => ({ inputs: { x: draw(tensor, draw(shape)) }, attributes: form(draw) })),
  ...ownRow(own.GeluGrad, (draw) => {
    const to = draw(shape);
    return { inputs: { dy: draw(tensor, to), x: draw(tensor, to) }, attributes: form(draw) };
  }),
  ...ownRow(own.SelfAttention, (draw) => {
    const { qkv, attributes } = attention(draw);
    return { inputs: { qkv }, attributes };
  }),
  ...ownRow(
    own.SelfAttentionGrad,
    (draw) => {
      const { qkv, dy, attributes } = attention(draw);
      return { inputs: { dy, qkv }, attributes };
    },
    {
      derived: ({ qkv }, attributes) => {
        const [y, logSums] = own.SelfAttention.define(
          { qkv: qkv as tf.Tensor3D },
          attributes as { heads: number },
        ) as tf.Tensor[];
        return { y: y!, logSums: logSums! };
      },
    },
  ),
};
