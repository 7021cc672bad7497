/** The operators of heads that are linear in what they see, from features [rows, D] to scores [rows, C]: the equations of their own files. */
import * as tf from '@tensorflow/tfjs-core';
import type { HeadForm } from '../head.ts';
import { affine, computed, held, LEAST_COSINE_NORM, LEAST_NORM, type Nodes, read, unit } from './part.ts';

export const linear: Nodes = (g, x, part) =>
  affine(g, x, { ...part, weight: read(part, 'weight')!, bias: read(part, 'bias') });

export const scaled: Nodes = (g, x, part) => {
  const [weight, scale, bias] = [read(part, 'weight')!, read(part, 'scale')!, read(part, 'bias')];
  return affine(g, x, {
    numClasses: part.numClasses,
    weight: weight.map((value, i) => value * scale[Math.floor(i / part.featureDim)]!),
    bias: bias?.map((value, c) => value * scale[c]!),
  });
};

export const cosine: Nodes = (g, x, part) => {
  const { scale, features } = part.form as HeadForm & { scale: number };
  const weight = computed(() => {
    const w = part.weights.get('weight')!;
    return tf.mul(tf.div(w, tf.maximum(tf.norm(w, 2, 1, true), LEAST_COSINE_NORM)), scale);
  });
  const from = features === 'raw' ? x : unit(g, x, LEAST_COSINE_NORM);
  return affine(g, from, { numClasses: part.numClasses, weight });
};

export const disAlign: Nodes = (g, x, part) => {
  const z = linear(g, x, part);
  const v = g.constant(read(part, 'confidence_layer.weight')!, [1, part.featureDim]);
  const confidence = g.node('Sigmoid', [
    g.node('Gemm', [x, v, held(g, part, 'confidence_layer.bias')], { transB: 1 }),
  ]);
  const moved = g.node('Add', [
    g.node('Mul', [z, held(g, part, 'logit_scale')]),
    held(g, part, 'logit_bias'),
  ]);
  return g.node('Add', [z, g.node('Mul', [confidence, moved])]);
};

export const randomNeurons: Nodes = (g, x, part) =>
  linear(g, g.node('Relu', [g.node('MatMul', [x, held(g, part, 'projection')])]), part);

/** Sums over each of K parts are a product with B [D, K], B_dk = 1 where d is of the part k. */
export const totalDirectEffect: Nodes = (g, x, part) => {
  const { featureDim: d, form, numClasses } = part;
  const { parts, scale, gamma, alpha } = form as HeadForm & Record<'parts' | 'scale' | 'gamma' | 'alpha', number>; // biome-ignore format: one line
  const width = d / parts;
  const belongs = Float32Array.from({ length: d * parts }, (_, i) =>
    Math.floor(Math.floor(i / parts) / width) === i % parts ? 1 : 0,
  );
  const b = g.constant(belongs, [d, parts]);
  const spread = (values: string): string => g.node('MatMul', [values, g.node('Transpose', [b], { perm: [1, 0] })]); // biome-ignore format: one line
  const squares = g.node('MatMul', [g.node('Mul', [x, x]), b]);
  const norms = g.node('Sqrt', [g.node('Max', [squares, g.constant([LEAST_NORM], [])])]);
  const rows = g.node('Div', [x, spread(norms)]);
  const inParts = (values: tf.Tensor) => tf.reshape(values, [-1, width]);
  const normOf = (values: tf.Tensor) => tf.sqrt(tf.maximum(tf.sum(tf.square(values), 1, true), LEAST_NORM));
  const direction = g.constant(
    computed(() => {
      const mean = inParts(part.weights.get('mean')!);
      return tf.div(mean, normOf(mean));
    }),
    [d],
  );
  const cosines = g.node('MatMul', [g.node('Mul', [rows, direction]), b]);
  const common = g.node('Mul', [g.node('Mul', [spread(cosines), direction]), g.constant([alpha], [])]);
  const weight = computed(() => {
    const w = inParts(part.weights.get('weight')!);
    return tf.mul(tf.div(w, tf.add(normOf(w), gamma)), scale / parts);
  });
  return affine(g, g.node('Sub', [rows, common]), { numClasses, weight });
};
