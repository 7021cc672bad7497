import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import '@tensorflow/tfjs';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as optim from '../src/index.ts';

const { adam, adamW, cosine, decayGroups, ema, sgd } = optim;
const schedule = cosine(0.1, { epochs: 10 });
const rate = { learningRate: 0.1 };
const w = tf.variable(tf.tensor1d([1, 2]));
const start = tf.clone(w);
const loss = (x: tf.Tensor = w) => tf.sum<tf.Scalar>(tf.square(x));

beforeAll(useTestBackend);
afterAll(() => tf.dispose([w, start]));

/** The rates of a schedule's first epochs. */
const rates =
  (make: (...given: never[]) => optim.Schedule) =>
  (...given: never[]): number[] => {
    const of = make(...given);
    return [of(0), of(3, 0.5), of(20)];
  };

/** What is in the variable after a run, and in what the run gives. */
const after =
  (run: (...given: never[]) => unknown) =>
  (...given: never[]): unknown => {
    w.assign(start);
    return tf.tidy(() => {
      const found = run(...given);
      return [w, ...(Array.isArray(found) ? found : [found])].map((x) =>
        x instanceof tf.Tensor ? x.dataSync() : x,
      );
    });
  };

/** An optimizer's first step. */
const step = (make: (trained: never, options?: never) => optim.Optimizer) =>
  after((trained: never, options: never) => make(trained, options).minimize(() => loss(), rate));

/** A step of averages. */
const averaged = after((variables: tf.Variable[], options: object) => {
  const averages = ema(variables, options);
  averages.update();
  return [...averages.state.values()];
});

/** The output of a stage and the gradient. */
const staged = after((stage: () => tf.Tensor, inputs: [], variables: tf.Variable[]) => {
  const { value, grads } = tf.variableGrads(
    () => tf.add(loss(), tf.sum(optim.checkpointed(stage, inputs, variables))),
    [w],
  );
  return [value, ...Object.values(grads)];
});

const group = { variables: [w], rate: 0.5, weightDecay: 0.1 };
const options = { weightDecay: 0.1, clip: { norm: 1 } };
const adams = { ...options, betas: [0.9, 0.99], epsilon: 1e-8 };
const curve = { epochs: 10, step: 'official' };

const TABLE: Parameters<typeof testArguments>[0] = {
  adam: [step(adam), [w], adams],
  adamW: [step(adamW), [w], adams],
  checkpointed: [staged, (x: tf.Tensor = w) => tf.mul(tf.sum(x), w), [tf.tensor1d([1, 2])], [w]],
  clipGradients: [after(optim.clipGradients), [tf.tensor1d([3, 4])], { norm: 1 }],
  constant: [rates(optim.constant), 0.1],
  cosine: [rates(cosine), 0.1, { ...curve, minimum: 0.01 }],
  decayGroups: [decayGroups, [w], { rate: 0.5 }],
  ema: [averaged, [w], { decay: 0.9 }],
  lbfgs: [
    (variables: tf.Variable[], evaluate: () => never, how: object) => {
      w.assign(start);
      return optim.lbfgs(variables, evaluate, how);
    },
    [w],
    () => ({ value: loss().dataSync()[0]!, gradients: [tf.mul(w, 2)] }),
    { history: 3, tolerance: 1e-3, maxIterations: 5, signal: undefined, onIteration: () => {} },
  ],
  linear: [rates(optim.linear), 0.1, { ...curve, from: 0.1, to: 1 }],
  polynomial: [rates(optim.polynomial), 0.1, { ...curve, power: 2 }],
  sequence: [rates(optim.sequence), [schedule, schedule], { at: [5] }],
  sgd: [step(sgd), [w], { ...options, momentum: 0.9, nesterov: true, decoupled: false }],
  steps: [rates(optim.steps), 0.1, { at: [5, 8], factor: 0.1 }],
  turn: [optim.turn],
  warmUp: [rates(optim.warmUp), schedule, { epochs: 5, from: 0.1, step: 'batch' }],
};

it('every function is in the table', () => {
  expect(Object.keys(TABLE)).toEqual(Object.keys(optim).sort());
});

testArguments(
  {
    ...TABLE,
    'a schedule': [schedule, 3, 0.5],
    'a constant schedule': [optim.constant(0.1), 3, 0.5],
    'a sequence': [optim.sequence([schedule, schedule], { at: [5] }), 7, 0.5],
    'schedule by batches': [rates(cosine), 0.1, { epochs: 1.5, step: 'batch' }],
    'a group': [(one: typeof group) => step(sgd)([one] as never), group],
    'clip by norm': [(clip: object) => step(sgd)([w] as never, { clip } as never), { norm: 1 }],
    'clip by value': [(clip: object) => step(adam)([w] as never, { clip } as never), { value: 1 }],
    'gradients clipped by value': [after(optim.clipGradients), [tf.tensor1d([3, 4])], { value: 1 }],
    'the betas': [(betas: number[]) => step(adam)([w] as never, { betas } as never), [0.9, 0.99]],
    minimize: [after((f: never, how: never) => sgd([w]).minimize(f, how)), () => loss(), rate],
    'minimize, with an exchange': [
      after((exchange: never) => sgd([w]).minimize(() => loss(), { ...rate, exchange })),
      { onGradient: () => {}, finish: (_: unknown, gradients: tf.Tensor[]) => gradients },
    ],
    'minimize, of parts': [
      after((losses: never, how: never) => sgd([w]).minimize(losses, how)),
      [() => loss(), () => loss()],
      { ...rate, sizes: [1, 2] },
    ],
    'the sizes of parts': [
      after((sizes: never) => sgd([w]).minimize([() => loss(), () => loss()], { ...rate, sizes })),
      [1, 2],
    ],
    swapped: [(run: () => number) => ema([w]).swapped(run), () => 1],
  },
  {
    isTyped: (error) => error instanceof LongtailError,
    wrong: [tf.scalar(1), tf.zeros([3]), () => [], () => tf.scalar(1), [w, w], [tf.zeros([2])]],
  },
);
