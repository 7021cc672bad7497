/**
 * A classifier as an ONNX file: `features` [rows, D] in, `scores` and `probabilities` [rows, C] out; the classes' names and counts are its
 * metadata.
 */
import { checkObjects } from '@longtail/core';
import { priorShift } from '../adjust-prior.ts';
import type { Classifier } from '../classifier.ts';
import { checkHead, formOf } from '../head.ts';
import { inputWidth, type TransformStep } from '../transform.ts';
import type { VectorScaling } from '../vector-scaling.ts';
import { type Graph, graph } from './graph.ts';
import { headNodes } from './head-nodes.ts';
import { LEAST_NORM, powers, unit } from './part.ts';
import type { Bytes } from './protobuf.ts';

function step(g: Graph, x: string, one: TransformStep): string {
  switch (one.kind) {
    case 'subtract':
      return g.node('Sub', [x, g.constant(one.values, [one.values.length])]);
    case 'divide':
      return g.node('Div', [x, g.constant(one.values, [one.values.length])]);
    case 'l2':
      return unit(g, x, LEAST_NORM);
    case 'tukey':
      return powers(g, x, one.power);
    case 'project':
      return g.node('MatMul', [x, g.constant(one.values, one.shape)]);
  }
}

/** A class that scores -Infinity stays so. */
function vectorScaled(g: Graph, z: string, { scale, offset }: VectorScaling): string {
  const [a, b] = [scale, offset].map((values) => g.constant(values, [values.length]));
  const moved = g.node('Add', [g.node('Mul', [z, a!]), b!]);
  return g.node('Where', [g.node('IsInf', [z], { detect_positive: 0 }), z, moved]);
}

/**
 * @returns the bytes of the file
 * @throws InputError for a head of a kind that it has no operators of: a stranger's
 * @example
 * await writeFile('head.onnx', toOnnx(made));
 */
export function toOnnx(made: Classifier): Bytes {
  checkObjects({ 'a classifier': made });
  checkHead(made.head);
  const { head, transform, temperature, scaling, counts, prior, classNames } = made;
  const g = graph();
  const width = inputWidth(transform, { outputDim: head.featureDim });
  const x = transform.reduce((from, one) => step(g, from, one), 'features');
  const scores = headNodes(g, x, { ...head, form: formOf(head) ?? { kind: '' } });
  const cooled = g.node('Div', [scores, g.constant([temperature], [])]);
  const calibrated = scaling ? vectorScaled(g, cooled, scaling) : cooled;
  const shifted = g.node('Add', [calibrated, g.constant(priorShift(counts, prior), [head.numClasses])]);
  const out = { width: head.numClasses };
  return g.model(
    { name: 'features', width },
    {
      scores: { node: shifted, ...out },
      probabilities: { node: g.node('Softmax', [shifted], { axis: 1 }), ...out },
    },
    { class_names: JSON.stringify(classNames), class_counts: JSON.stringify(Array.from(counts)) },
  );
}
