/** What the operators of heads are written of. */
import * as tf from '@tensorflow/tfjs-core';
import type { HeadForm } from '../head.ts';
import type { Graph } from './graph.ts';

/** As in transform.ts and cosine.ts: a row of zeros stays one. */
export const LEAST_NORM = 1e-12;
export const LEAST_COSINE_NORM = 1e-6;

/** A head, or one of those in it, as its file has it. */
export interface Part {
  readonly name: string;
  readonly form: HeadForm;
  readonly weights: ReadonlyMap<string, tf.Tensor>;
  readonly numClasses: number;
  readonly featureDim: number;
}

export type Nodes = (g: Graph, x: string, part: Part) => string;

export function unit(g: Graph, x: string, least: number): string {
  const norm = g.node('ReduceL2', [x], { axes: [1], keepdims: 1 });
  return g.node('Div', [x, g.node('Max', [norm, g.constant([least], [])])]);
}

/** sign(x) |x|^p. */
export const powers = (g: Graph, x: string, power: number): string =>
  g.node('Mul', [g.node('Sign', [x]), g.node('Pow', [g.node('Abs', [x]), g.constant([power], [])])]);

export const read = ({ weights }: Part, name: string): Float32Array | undefined =>
  weights.get(name)?.dataSync<'float32'>();

/** A weight as it is. */
export const held = (g: Graph, { weights }: Part, name: string): string => {
  const weight = weights.get(name)!;
  return g.constant(weight.dataSync<'float32'>(), weight.shape);
};

/** The values of what is computed of weights. */
export function computed(make: () => tf.Tensor): Float32Array {
  const values = tf.tidy(make);
  const data = values.dataSync<'float32'>();
  values.dispose();
  return data;
}

/** x W^T + b of weights [C, D]. */
export function affine(
  g: Graph,
  x: string,
  { numClasses, weight, bias }: { numClasses: number; weight: Float32Array; bias?: Float32Array | undefined },
): string {
  const w = g.constant(weight, [numClasses, weight.length / numClasses]);
  const b = g.constant(bias ?? new Float32Array(numClasses), [numClasses]);
  return g.node('Gemm', [x, w, b], { transB: 1 });
}
