import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { type Evaluate, lbfgs } from '../src/index.ts';

beforeAll(useTestBackend);

const at =
  (loss: (x: tf.Tensor) => tf.Tensor, x: tf.Variable): Evaluate =>
  () => {
    const { value, grads } = tf.tidy(() => tf.variableGrads(() => tf.sum(loss(x)), [x]));
    const number = value.dataSync()[0]!;
    value.dispose();
    return { value: number, gradients: Object.values(grads) };
  };

/** (1 - a)^2 + 100 (b - a^2)^2, whose minimum lies at (1, 1) in a bent valley. */
function rosenbrock(x: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(x, 2) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.square(tf.sub(1, a)), tf.mul(100, tf.square(tf.sub(b, tf.square(a)))));
}

it('finds the end of a bent valley', async () => {
  const x = tf.variable(tf.tensor1d([-1.2, 1]));
  const before = tf.memory().numTensors;
  const found = await lbfgs([x], at(rosenbrock, x), { tolerance: 1e-4 });
  expect(found.converged).toBe(true);
  expect(found.iterations).toBeLessThan(60); // SciPy takes 37
  // float32: a slope of 1e-4 is 1e-4 away along the valley
  expect([...x.dataSync()]).toEqual([expect.closeTo(1, 3), expect.closeTo(1, 3)]);
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});

it('finds the length of its first step in a few looks, however flat the function is', async () => {
  for (const steepness of [1e-4, 1, 1e4]) {
    const x = tf.variable(tf.tensor1d([3]));
    const look = at((y) => tf.mul(tf.square(y), steepness), x);
    let looks = 0;
    const counted: Evaluate = () => {
      looks += 1;
      return look();
    };
    expect((await lbfgs([x], counted, { tolerance: 1e-4 * steepness })).converged).toBe(true);
    expect(looks).toBeLessThan(12); // 12 by doubling alone, where the function is flattest
    x.dispose();
  }
});

it('says that it has not converged where iterations or float32 come to an end', async () => {
  const x = tf.variable(tf.tensor1d([-1.2, 1]));
  const few = await lbfgs([x], at(rosenbrock, x), { maxIterations: 3 });
  expect(few).toMatchObject({ converged: false, iterations: 3 });
  const exact = await lbfgs([x], at(rosenbrock, x), { tolerance: 0 });
  expect(exact.value).toBeLessThan(1e-9);
  x.dispose();
});

it('refuses what has no value, stops where it is told, and frees everything', async () => {
  const x = tf.variable(tf.tensor1d([4, 1]));
  const before = tf.memory().numTensors;
  await expect(
    lbfgs(
      [x],
      at((y) => tf.log(tf.neg(y)), x),
    ),
  ).rejects.toThrow(InputError);
  await expect(lbfgs([], at(rosenbrock, x))).rejects.toThrow(InputError);
  const abort = new AbortController();
  const onIteration = (i: number) => i === 1 && abort.abort(new Error('enough'));
  await expect(lbfgs([x], at(rosenbrock, x), { signal: abort.signal, onIteration })).rejects.toThrow(
    'enough',
  );
  let calls = 0;
  const breaks: Evaluate = () => {
    calls += 1;
    if (calls === 3) throw new Error('the disk is gone');
    return at(rosenbrock, x)();
  };
  await expect(lbfgs([x], breaks)).rejects.toThrow('the disk is gone');
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});
