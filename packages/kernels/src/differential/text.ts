/** Text: split, joined in n-grams, hashed, replaced. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { given, oneOf, shape, whole } from './arbitraries.ts';
import { type Draw, EXACT, type Table, type TensorValues } from './case.ts';

const LETTERS = ['a', 'b', ' ', '.', 'ß', '字'];

function texts(draw: Draw, to: readonly number[]): TensorValues {
  const length = to.reduce((a, b) => a * b, 1);
  const one = () => Array.from({ length: draw(whole, 0, 5) }, () => draw(oneOf<string>, LETTERS)).join('');
  return given(to, 'string', Array.from({ length }, one));
}

export const TEXT: Table = {
  [tf.StaticRegexReplace]: {
    cases: (draw) => ({
      inputs: { x: texts(draw, draw(shape, { maxRank: 2 })) },
      attributes: {
        pattern: draw(oneOf<string>, ['a', 'a+', '[ab]']),
        rewrite: '-',
        replaceGlobal: draw(fc.boolean),
      },
    }),
    tolerance: EXACT,
  },
  [tf.StringNGrams]: {
    cases: (draw) => {
      const [first, second] = [draw(whole, 0, 4), draw(whole, 1, 4)];
      return {
        inputs: {
          data: texts(draw, [first + second]),
          dataSplits: given([3], 'int32', [0, first, first + second]),
        },
        attributes: {
          separator: '|',
          nGramWidths: draw(oneOf<number[]>, [[1], [2], [2, 3]]),
          leftPad: 'L',
          rightPad: 'R',
          padWidth: draw(oneOf<number>, [-1, 0, 1]),
          preserveShortSequences: draw(fc.boolean),
        },
      };
    },
    tolerance: EXACT,
  },
  [tf.StringSplit]: {
    cases: (draw) => ({
      inputs: {
        input: texts(draw, [draw(whole, 0, 4)]),
        delimiter: given([], 'string', [draw(oneOf<string>, ['', ' ', 'a.'])]),
      },
      attributes: { skipEmpty: draw(fc.boolean) },
    }),
    tolerance: EXACT,
  },
  [tf.StringToHashBucketFast]: {
    cases: (draw) => ({
      inputs: { input: texts(draw, draw(shape, { maxRank: 2 })) },
      attributes: { numBuckets: draw(whole, 1, 9) },
    }),
    tolerance: EXACT,
  },
};
