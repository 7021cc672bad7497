/** The operators of heads that measure distances, from features [rows, D] to scores [rows, C]: the equations of their own files. */
import * as tf from '@tensorflow/tfjs-core';
import type { HeadForm } from '../head.ts';
import {
  affine,
  computed,
  held,
  LEAST_COSINE_NORM,
  LEAST_NORM,
  type Nodes,
  powers,
  read,
  unit,
} from './part.ts';

/** -|x - m|^2, or x m / D, of features that are centred and of norm 1 where the head wants it. */
export const nearestMeans: Nodes = (g, x, part) => {
  const { featureDim: d, numClasses, form } = part;
  const [means, bias] = [read(part, 'means')!, read(part, 'bias') ?? new Float32Array(numClasses)];
  const from = form.features === 'un' ? x : unit(g, g.node('Sub', [x, held(g, part, 'centre')]), LEAST_NORM);
  if (form.distance === 'cosine')
    return affine(g, from, { numClasses, weight: means.map((m) => m / d), bias });
  const squares = bias.map(
    (b, c) => b - means.subarray(c * d, (c + 1) * d).reduce((sum, m) => sum + m * m, 0),
  );
  const dots = affine(g, from, { numClasses, weight: means.map((m) => 2 * m), bias: squares });
  return g.node('Sub', [dots, g.node('ReduceSumSquare', [from], { axes: [1], keepdims: 1 })]);
};

/** [C, rows, D] of differences to the means, by the inverse correlations [C, D, D]. */
export const mahalanobis: Nodes = (g, x, part) => {
  const { form, featureDim: d, numClasses } = part;
  const { tukey } = form as HeadForm & { tukey: number };
  const seen = tukey === 1 ? x : powers(g, g.node('Relu', [x]), tukey);
  const means = g.constant(read(part, 'means')!, [numClasses, 1, d]);
  const apart = g.node('Sub', [unit(g, seen, LEAST_COSINE_NORM), means]);
  const products = g.node('Mul', [g.node('MatMul', [apart, held(g, part, 'precision')]), apart]);
  const distances = g.node('Mul', [
    g.node('ReduceMean', [products], { axes: [2], keepdims: 0 }),
    g.constant([d], []),
  ]);
  return g.node('Sub', [held(g, part, 'bias'), g.node('Transpose', [distances], { perm: [1, 0] })]);
};

/** TopK of equal likenesses is the first, as here; a vote is what equals a class. */
export const neighbours: Nodes = (g, x, part) => {
  const { form, numClasses } = part;
  const { k, distance } = form as HeadForm & { k: number };
  const rows = part.weights.get('rows')!;
  const seen = distance === 'cosine' ? unit(g, x, LEAST_COSINE_NORM) : x;
  const bias =
    distance === 'cosine' ? undefined : computed(() => tf.neg(tf.div(tf.sum(tf.square(rows), 1), 2)));
  const likeness = affine(g, seen, { numClasses: rows.shape[0]!, weight: read(part, 'rows')!, bias });
  const places = g.node('TopK', [likeness, g.integers([k])], { axis: 1, largest: 1 }, 1);
  const nearest = g.node('Gather', [held(g, part, 'classes'), places]); // [rows, k]
  const each = g.node('Unsqueeze', [nearest, g.integers([2])]);
  const isOf = g.node('Equal', [
    each,
    g.constant(
      Array.from({ length: numClasses }, (_, c) => c),
      [numClasses],
    ),
  ]);
  const votes = g.node('ReduceMean', [g.node('Cast', [isOf], { to: 1 })], { axes: [1], keepdims: 0 });
  const worth = computed(() => tf.mul(part.weights.get('votes')!, k));
  return g.node('Add', [g.node('Mul', [votes, g.constant(worth, [numClasses])]), held(g, part, 'bias')]);
};
