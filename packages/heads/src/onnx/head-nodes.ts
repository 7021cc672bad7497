/** The operators of any head that a file holds, from features [rows, D] to scores [rows, C]. */
import { InputError } from '@longtail/core';
import { LOWEST } from '../ensemble.ts';
import { mahalanobis, nearestMeans, neighbours } from './distance-nodes.ts';
import type { Graph } from './graph.ts';
import { cosine, disAlign, linear, randomNeurons, scaled, totalDirectEffect } from './linear-nodes.ts';
import { held, type Nodes, type Part } from './part.ts';

type Member = Pick<Part, 'name' | 'form'>;

const adjusted: Nodes = (g, x, part) => {
  const { shift, head } = part.form as Part['form'] & { shift: string; head: Member };
  return g.node('Add', [headNodes(g, x, { ...part, ...head }), held(g, part, shift)]);
};

/** log sum_k v_k p_k takes no logarithm of a sum near 0: the largest of the members' log-probabilities is taken off before. */
const ensemble: Nodes = (g, x, part) => {
  const { mean, shares, heads } = part.form as Part['form'] & { shares: number[]; heads: Member[] };
  const all = heads.map((member, k) => {
    const own = [...part.weights].filter(([key]) => key.startsWith(`${k}.`));
    const weights = new Map(own.map(([key, value]) => [key.slice(`${k}.`.length), value]));
    const scores = headNodes(g, x, { ...part, ...member, weights });
    if (mean === 'logits') return g.node('Mul', [scores, g.constant([shares[k]!], [])]);
    const logs = g.node('LogSoftmax', [scores], { axis: 1 });
    return g.node('Add', [logs, g.constant([Math.log(shares[k]!)], [])]);
  });
  if (mean === 'logits') return g.node('Sum', all);
  const largest = g.node('Max', [...all, g.constant([LOWEST], [])]);
  const parts = all.map((logs) => g.node('Exp', [g.node('Sub', [logs, largest])]));
  return g.node('Add', [g.node('Log', [g.node('Sum', parts)]), largest]);
};

const KINDS: Readonly<Record<string, Nodes>> = {
  linear,
  cosine,
  lws: scaled,
  ncm: nearestMeans,
  'dis-align': disAlign,
  tde: totalDirectEffect,
  knn: neighbours,
  ranpac: randomNeurons,
  fecam: mahalanobis,
  adjusted,
  ensemble,
};

/** @throws InputError for a head of a kind of which there are no operators here */
export function headNodes(g: Graph, x: string, part: Part): string {
  const { name, form } = part;
  if (Object.hasOwn(KINDS, form.kind)) return KINDS[form.kind]!(g, x, part);
  throw new InputError(
    `an ONNX file is made of heads of the kinds ${Object.keys(KINDS).join(', ')}, but ${name} is ${form.kind || 'of none that it names'}.`,
  );
}
