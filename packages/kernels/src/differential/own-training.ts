/** This package's kernels of training: batch normalisation, cross-entropy, the steps. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import * as own from '../index.ts';
import { indices, oneOf, shape, tensor, whole } from './arbitraries.ts';
import type { Draw, Row, Table, TensorValues } from './case.ts';
import { ownRow } from './own-row.ts';

/** At least two values a channel, one far from the others: a spread that float32 can divide by. */
function channels(draw: Draw) {
  const to = [draw(whole, 2, 4), ...draw(shape, { maxRank: 2, least: 1, most: 3 }), draw(whole, 1, 3)];
  const c = to.at(-1)!;
  const { values, ...rest } = draw(tensor, to);
  const scale = draw(tensor, [c]);
  return {
    to,
    c,
    scale,
    x: { ...rest, values: values.map((v, i) => (i < c ? 8 : v)) },
    attributes: { momentum: 0.25, epsilon: 0.001, activation: draw(oneOf<string>, ['linear', 'relu']) },
  };
}

const logits = (draw: Draw) => {
  const [n, classes] = [draw(whole, 1, 5), draw(whole, 2, 5)];
  return { z: draw(tensor, [n, classes], { low: -30, high: 30 }), labels: draw(indices, [n], classes), n };
};

/** A few variables, and their lists. */
function lists(draw: Draw, names: readonly string[]) {
  const inputs: Record<string, TensorValues> = {};
  const count = draw(whole, 1, 3);
  for (let i = 0; i < count; i++) {
    const to = draw(shape, { maxRank: 4 });
    for (const name of names)
      inputs[`${name}/${i}`] = draw(tensor, to, name === 'square' ? { low: 0.25 } : undefined);
  }
  return { inputs, count };
}

const sgdStep: Row['cases'] = (draw) => {
  const { inputs } = lists(draw, ['variable', 'gradient', 'velocity']);
  const momentum = draw(oneOf<number>, [0, 0.9]);
  const nesterov = momentum > 0 && draw(fc.boolean);
  const decoupled = draw(fc.boolean);
  return { inputs, attributes: { learningRate: 0.125, momentum, weightDecay: 0.01, nesterov, decoupled } };
};

const adamStep: Row['cases'] = (draw) => {
  const { inputs, count } = lists(draw, ['variable', 'gradient', 'mean', 'square']);
  const decoupled = draw(fc.boolean);
  const steps = Array.from({ length: count }, () => draw(whole, 1, 5));
  const rates = { learningRate: 0.125, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.01 };
  return { inputs, attributes: { ...rates, decoupled, steps } };
};

export const OWN_TRAINING: Table = {
  ...ownRow(
    own.BatchNormTrain,
    (draw) => {
      const { to, c, scale, x, attributes } = channels(draw);
      return {
        inputs: {
          x,
          scale,
          offset: draw(tensor, [c]),
          runningMean: draw(tensor, [c]),
          runningVariance: draw(tensor, [c], { low: 0 }),
          residual: draw(fc.boolean) ? draw(tensor, to) : undefined,
        },
        attributes,
      };
    },
    { changed: /^running/ },
  ),
  ...ownRow(
    own.BatchNormTrainGrad,
    (draw) => {
      const { to, scale, x, attributes } = channels(draw);
      return { inputs: { dy: draw(tensor, to), y: draw(tensor, to, { low: 0 }), x, scale }, attributes };
    },
    {
      derived: ({ x }, attributes) => {
        const { mean, variance } = tf.moments(
          x!,
          x!.shape.slice(1).map((_, axis) => axis),
        );
        const { epsilon } = attributes as { epsilon: number };
        return { mean, inverseDeviation: tf.rsqrt(tf.add(variance, epsilon)) };
      },
    },
  ),
  ...ownRow(own.BatchNormGrad, (draw) => {
    const { to, c, scale, x, attributes } = channels(draw);
    const statistics = draw(fc.boolean) ? [c] : to;
    return {
      inputs: {
        dy: draw(tensor, to),
        x,
        mean: draw(tensor, statistics),
        variance: draw(tensor, statistics, { low: 0.25 }),
        scale: statistics === to ? draw(tensor, to) : scale,
      },
      attributes: { epsilon: attributes.epsilon },
    };
  }),
  ...ownRow(own.SparseCrossEntropy, (draw) => {
    const { z, labels } = logits(draw);
    return { inputs: { logits: z, labels } };
  }),
  ...ownRow(own.SparseCrossEntropyGrad, (draw) => {
    const { z, labels, n } = logits(draw);
    return { inputs: { dy: draw(tensor, [n]), logits: z, labels } };
  }),
  ...ownRow(own.SoftCrossEntropy, (draw) => {
    const { z } = logits(draw);
    return { inputs: { logits: z, targets: draw(tensor, z.shape) } };
  }),
  ...ownRow(own.SoftCrossEntropyGrad, (draw) => {
    const { z, n } = logits(draw);
    return { inputs: { dy: draw(tensor, [n]), logits: z, targets: draw(tensor, z.shape) } };
  }),
  ...ownRow(own.SmoothedCrossEntropy, (draw) => {
    const { z, labels, n } = logits(draw);
    return { inputs: { logits: z, labels, epsilon: draw(tensor, [n], { low: 0, high: 1 }) } };
  }),
  ...ownRow(own.SmoothedCrossEntropyGrad, (draw) => {
    const { z, labels, n } = logits(draw);
    const epsilon = draw(tensor, [n], { low: 0, high: 1 });
    return { inputs: { dy: draw(tensor, [n]), logits: z, labels, epsilon } };
  }),
  ...ownRow(own.LogSoftmaxRows, (draw) => ({ inputs: { logits: logits(draw).z } })),
  ...ownRow(own.LogSoftmaxRowsGrad, (draw) => ({ inputs: { dy: draw(tensor, logits(draw).z.shape) } }), {
    derived: ({ dy }) => ({ y: tf.logSoftmax(tf.mul(dy!, 3)) }),
  }),
  ...ownRow(own.GlobalNorm, (draw) => ({ inputs: lists(draw, ['tensor']).inputs })),
  ...ownRow(own.SgdMomentumStep, sgdStep, { changed: /^(variable|velocity)/ }),
  ...ownRow(own.AdamStep, adamStep, { changed: /^(variable|mean|square)/ }),
  ...ownRow(
    own.MovingAverageStep,
    (draw) => ({
      inputs: lists(draw, ['average', 'value']).inputs,
      attributes: { decay: draw(oneOf<number>, [0, 0.25, 0.999, 1]) },
    }),
    { changed: /^average/ },
  ),
};
