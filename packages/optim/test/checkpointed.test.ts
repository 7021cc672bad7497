import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { batchNormTrain, isRecomputing, normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpointed, sgd } from '../src/index.ts';

beforeAll(useTestBackend);

const WIDTH = 8;
const random = (shape: number[], key: string) => normal(shape, { seed: 0, keys: [key], deviation: 0.5 });
const variable = (shape: number[], key: string, trainable = true) =>
  tf.tidy(() => tf.variable(random(shape, key), trainable));

/** Two products with batch norm between, and what they leave behind. */
function block(key: string) {
  const [first, second] = [variable([WIDTH, WIDTH], `${key}.1`), variable([WIDTH, WIDTH], `${key}.2`)];
  const [scale, offset] = [variable([WIDTH], `${key}.scale`), variable([WIDTH], `${key}.offset`)];
  const [runningMean, runningVariance] = [variable([WIDTH], '', false), variable([WIDTH], '', false)];
  let calls = 0;
  return {
    trainable: [first, scale, offset, second],
    all: [first, scale, offset, second, runningMean, runningVariance],
    statistics: () => [...runningMean.dataSync(), ...runningVariance.dataSync()],
    calls: () => calls,
    run: (x: tf.Tensor): tf.Tensor => {
      calls++;
      const norm = { scale, offset, runningMean, runningVariance } as never;
      const h = batchNormTrain(tf.matMul(x as tf.Tensor2D, first as never), norm, { activation: 'relu' });
      return tf.tanh(tf.add(x, tf.matMul(h, second as never)));
    },
  };
}
type Block = ReturnType<typeof block>;

const plain = (x: tf.Tensor, stages: readonly Block[]) => stages.reduce((h, { run }) => run(h), x);
const saving = (x: tf.Tensor, stages: readonly Block[]) =>
  stages.reduce((h, { run, trainable }) => checkpointed(run, [h], trainable), x);
/** Two stages within one, themselves checkpointed. */
const nested = (x: tf.Tensor, stages: readonly Block[]) =>
  checkpointed(
    (h) => saving(h, stages),
    [x],
    stages.flatMap(({ trainable }) => trainable),
  );

/** The loss' gradients by input and variables, and the statistics afterwards. */
function outcome(forward: typeof plain): { gradients: number[][]; statistics: number[] } {
  const stages = [block('a'), block('b'), block('c')];
  const variables = stages.flatMap(({ trainable }) => trainable);
  const found = tf.tidy(() => {
    const [x, weigh] = [random([5, WIDTH], 'x'), random([5, WIDTH], 'weigh')];
    const loss = (at: tf.Tensor) => tf.sum(tf.mul(weigh, forward(at, stages))) as tf.Scalar;
    const all = tf.grads((...given) => loss(given[0]!))([x, ...variables]);
    return {
      gradients: all.map((g) => [...g.dataSync()]),
      statistics: stages.flatMap((s) => s.statistics()),
    };
  });
  tf.dispose(stages.flatMap(({ all }) => all));
  return found;
}

describe('checkpointed', () => {
  it.each([
    ['stages', saving],
    ['stages within stages', nested],
  ])('%s have the gradients of inputs and variables, and move statistics once', (_, forward) => {
    const before = tf.memory().numTensors;
    expect(outcome(forward)).toEqual(outcome(plain)); // to the bit: the same operations in the same order
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes less memory in a step of a deep network, for one more pass', async () => {
    const peak = async (forward: typeof plain) => {
      const stages = Array.from({ length: 12 }, (_, i) => block(`${i}`));
      const optimizer = sgd(stages.flatMap(({ trainable }) => trainable));
      const x = random([256, WIDTH], 'x');
      const loss = () => tf.mean(tf.square(forward(x, stages))) as tf.Scalar;
      const { numBytes } = tf.memory();
      const { peakBytes } = await tf.profile(() => optimizer.minimize(loss, { learningRate: 0.1 }));
      const weights = stages.map(({ trainable }) => [...trainable[0]!.dataSync()]);
      optimizer.dispose();
      tf.dispose([x, ...stages.flatMap(({ all }) => all)]);
      return { activations: (peakBytes - numBytes) / (256 * WIDTH * 4), calls: stages[0]!.calls(), weights };
    };
    const [all, few] = [await peak(plain), await peak(saving)];
    expect(few.weights).toEqual(all.weights);
    expect([all.calls, few.calls]).toEqual([1, 2]);
    expect(few.activations).toBeLessThan(all.activations / 5); // 12 inputs, and one stage's, freed as its gradients go
  });

  it('says to layers when they run again, and only then', () => {
    const seen: boolean[] = [];
    const stage = (x: tf.Tensor) => {
      seen.push(isRecomputing());
      return tf.square(x);
    };
    tf.tidy(() => {
      tf.grad((x) => tf.sum(checkpointed(stage, [x], [])))(tf.tensor1d([1]));
      checkpointed(stage, [tf.tensor1d([1])], []);
    });
    expect(seen).toEqual([false, true, false]);
  });

  it('adds up a variable in several stages and outside, and takes what needs no gradient from around', () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([0.5, -2])));
    const x = tf.tensor1d([3, 4]);
    const loss = (stage: (f: () => tf.Tensor) => tf.Tensor) => () => {
      const once = stage(() => tf.mul(x, w));
      return tf.sum(
        tf.mul(
          tf.add(once, w),
          stage(() => tf.exp(w)),
        ),
      ) as tf.Scalar;
    };
    const gradient = (f: () => tf.Scalar) =>
      tf.tidy(() => tf.variableGrads(f, [w]).grads[w.name]!.dataSync());
    const expected = gradient(loss((f) => f()));
    toBeCloseTo(gradient(loss((f) => checkpointed(f, [], [w]))), expected, { relative: 1e-6 });
    tf.dispose([w, x]);
  });

  it('may hand on its input, and leave inputs and variables unused', () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([2])));
    const gradients = tf.tidy(() =>
      tf
        .grads((a, b) =>
          tf.sum(
            tf.mul(
              3,
              checkpointed((x, _y: tf.Tensor) => x, [a!, b!], [w]),
            ),
          ),
        )([tf.tensor1d([1]), tf.tensor1d([1])])
        .map((g) => g.dataSync()[0]),
    );
    expect(gradients).toEqual([3, 0]);
    w.dispose();
  });

  it('has second derivatives', () => {
    const second = (f: (x: tf.Tensor) => tf.Tensor) =>
      tf.tidy(() =>
        tf
          .grad((x) => tf.sum(tf.square(tf.grad(f)(x))))(tf.tensor1d([0.3, -1]))
          .dataSync(),
      );
    const cube = (x: tf.Tensor) => tf.mul(x, tf.square(x));
    const expected = second((x) => tf.sum(cube(x)));
    toBeCloseTo(
      second((x) => tf.sum(checkpointed(cube, [x], []))),
      expected,
      { relative: 1e-6 },
    );
  });

  it('refuses a variable twice, whose gradient would count twice', () => {
    const { run, trainable, all } = block('a');
    expect(() => checkpointed(run, [all[0]!], [...trainable, ...trainable])).toThrow('is in two places');
    tf.dispose(all);
  });

  it('refuses a trainable variable that it was not given, and frees everything where a stage throws', () => {
    const before = tf.memory().numTensors;
    const { run, trainable, all } = block('a');
    const optimizer = sgd(trainable);
    const inside = tf.memory().numTensors;
    const weights = () => trainable.map((w) => [...w.dataSync()]);
    const start = weights();
    const step = (stage: (x: tf.Tensor) => tf.Tensor, given: readonly tf.Variable[]) =>
      tf.tidy(() => {
        const x = random([5, WIDTH], 'x');
        const forward = () => tf.sum(run(checkpointed(stage, [run(x)], given))) as tf.Scalar;
        optimizer.minimize(forward, { learningRate: 0.1 });
      });
    const failing = (now: boolean) => (x: tf.Tensor) => {
      const y = run(x);
      if (isRecomputing() === now) throw new Error('no memory');
      return y;
    };
    expect(() => step(run, trainable.slice(1))).toThrow(InputError);
    expect(() => step(run, trainable.slice(1))).toThrow(`uses the trainable variable ${trainable[0]!.name}`);
    expect(() => step(failing(false), trainable)).toThrow('no memory');
    expect(() => step(failing(true), trainable)).toThrow('no memory');
    expect(isRecomputing()).toBe(false);
    expect(weights()).toEqual(start);
    expect(tf.memory().numTensors).toBe(inside);
    trainable[0]!.trainable = false;
    expect(() => step(run, trainable.slice(1))).not.toThrow();
    expect(weights()[0]).toEqual(start[0]);
    expect(weights()[3]).not.toEqual(start[3]);
    expect(tf.memory().numTensors).toBe(inside);
    optimizer.dispose();
    tf.dispose(all);
    expect(tf.memory().numTensors).toBe(before);
  });
});
