/** Moments summed over processes: of one process, those of its batch. (Of several: test/ranks.test.ts of the app.) */
import '@tensorflow/tfjs';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTrain, normal, withSharedMoments } from '../src/index.ts';

beforeAll(useTestBackend);

const noise = (key: string): tf.Tensor => normal([2, 3, 2, 3], { seed: 0, keys: [key] });

/** Output, gradients of everything, and running statistics. */
function pass(activation: 'linear' | 'relu', isResidual: boolean): Float32Array[] {
  return tf.tidy(() => {
    const runningMean: tf.Variable<tf.Rank.R1> = tf.variable(tf.zeros([3]));
    const runningVariance: tf.Variable<tf.Rank.R1> = tf.variable(tf.ones([3]));
    const given = [noise('x'), tf.tensor1d([1, 2, 0.5]), tf.tensor1d([0, -1, 3])];
    const run = (x: tf.Tensor, scale: tf.Tensor1D, offset: tf.Tensor1D, residual?: tf.Tensor) => {
      const inputs = { scale, offset, runningMean, runningVariance, ...(residual && { residual }) };
      return tf.mul(batchNormTrain(x, inputs, { activation }), noise('weigh'));
    };
    const { value, grads } = tf.valueAndGrads(run as (...given: tf.Tensor[]) => tf.Tensor)(
      isResidual ? [...given, noise('residual')] : given,
      tf.ones([2, 3, 2, 3]),
    );
    const found = [value, ...grads, runningMean, runningVariance].map((one) =>
      Float32Array.from(one.dataSync()),
    );
    tf.dispose([runningMean, runningVariance]);
    return found;
  });
}

describe('withSharedMoments', () => {
  it.each([
    ['linear', false],
    ['linear', true],
    ['relu', true],
  ] as const)('of one process is the batch norm of its batch, %s, residual %s', (activation, isResidual) => {
    const before = tf.memory().numTensors;
    const sums: number[] = [];
    const shared = withSharedMoments(
      (numbers) => void sums.push(numbers.length),
      () => pass(activation, isResidual),
    );
    expect(sums).toEqual([4, 3, 6]); // n and sum x; squares; backward
    const own = pass(activation, isResidual);
    expect(own).toHaveLength(shared.length);
    for (const [i, values] of own.entries()) toBeCloseTo(shared[i]!, values, { absolute: 1e-5 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of two processes with the same part has the moments of that part', () => {
    const twice = withSharedMoments(
      (numbers) => numbers.forEach((value, i) => (numbers[i] = 2 * value)),
      () => pass('linear', false),
    );
    toBeCloseTo(twice[0]!, pass('linear', false)[0]!, { absolute: 1e-5 });
  });

  it('ends with its run, also after a throw', () => {
    const count: number[] = [];
    expect(() =>
      withSharedMoments(
        () => count.push(1),
        () => {
          throw new Error('no data');
        },
      ),
    ).toThrow('no data');
    pass('linear', false);
    expect(count).toEqual([]);
  });
});
