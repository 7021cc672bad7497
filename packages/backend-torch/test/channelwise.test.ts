/** What is put off (combination.ts): the same values as at once, whoever asks for them, and nothing left behind. */
import { random } from '@longtail/core';
import { normal, sgdMomentumStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TorchBackend } from '../src/index.ts';
import { liveHandles } from '../src/index.ts';
import { expectSame, library } from './both.ts';

const backend = () => tf.backend() as TorchBackend;
const isDeferred = (x: tf.Tensor) => backend().deferred(x) !== undefined;
const places = (shape: readonly number[]) => shape.slice(0, -1).map((_, axis) => axis);
/** Values about `centre`, 1 apart or so. */
const drawn = (shape: number[], { centre = 0.5, key = 1 } = {}) =>
  tf.tidy(() => tf.add(normal(shape, { seed: key }), centre)) as tf.Tensor;

/** Mean and variance by channels in float64. */
function defined(x: tf.Tensor): { mean: number[]; variance: number[] } {
  const [values, channels] = [x.dataSync(), x.shape.at(-1)!];
  const rows = x.size / channels;
  const averages = (of: (value: number, c: number) => number) => {
    const sums = new Array<number>(channels).fill(0);
    values.forEach((value, i) => {
      sums[i % channels]! += of(value, i % channels);
    });
    return sums.map((sum) => sum / rows);
  };
  const mean = averages((value) => value);
  return { mean, variance: averages((value, c) => (value - mean[c]!) ** 2) };
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, error: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i]! - expected[i]!) <= error)) expect.fail(`${i}: ${actual[i]} for ${expected[i]}`);
}

/** Runs it, and expects as many tensors and handles after as before. */
function clean(run: () => void): void {
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers, liveHandles()];
  tf.tidy(run);
  expect([tf.memory().numTensors, tf.memory().numDataBuffers, liveHandles()]).toEqual(before);
}

describe.skipIf(!library)('what is put off', () => {
  beforeEach(async () => void (await tf.setBackend('torch')));

  const shapes = [
    [16, 8, 8, 16],
    [5, 7, 33, 16],
    [4, 33, 33, 3],
    [4099, 5],
    [8193, 2],
    [16384, 1],
    [2, 3, 4, 5, 200],
    [3, 6000],
    [1, 20000],
    [131072, 3],
  ];
  it.each(shapes.map((shape) => ({ shape })))('moments of [$shape]', ({ shape }) => {
    for (const [centre, keepDims] of [
      [0, false],
      [1, true],
      [1000, false],
    ] as const)
      clean(() => {
        const x = drawn(shape, { centre });
        const { mean, variance } = tf.moments(x, places(shape), keepDims);
        const expected = defined(x);
        const kept = keepDims ? shape.map((n, i) => (i === shape.length - 1 ? n : 1)) : shape.slice(-1);
        expect([mean.shape, variance.shape]).toEqual([kept, kept]);
        // 4096 values added in a row, each rounded by 2^-24 of their sum, are off by far less than 64 of such roundings.
        expectNear(mean.dataSync(), expected.mean, 2 ** -18 * (1 + centre));
        // Here a mean that is off by 2^-22 of itself is off by as many deviations, which are 1.
        expectNear(variance.dataSync(), expected.variance, 2 ** -18 * 2 + 2 ** -22 * centre);
      });
  });

  it('the chain of tf.moments reads and writes no more than that', () => {
    clean(() => {
      const x = drawn([64, 16, 16]);
      const mean = tf.mean(x, [0, 1]);
      const deviation = tf.sub(x, tf.reshape(mean, [1, 1, 16]));
      const square = tf.square(deviation);
      expect([x, deviation, square].map(isDeferred)).toEqual([false, true, true]);
      tf.mean(square, [0, 1]);
      tf.mul(tf.mul(deviation, 2), mean);
      expect([deviation, square].map(isDeferred)).toEqual([true, true]);
    });
  });

  it('has the values that it would have had, and whoever asks twice gets them twice', () => {
    clean(() => {
      const x = drawn([64, 16, 16]);
      const mean = tf.mean(x, [0, 1]);
      const [values, means] = [x.dataSync(), mean.dataSync()];
      const [scale, shift] = [drawn([16], { key: 2 }), drawn([1, 1, 16], { key: 3 })];
      const [s, t] = [scale.dataSync(), shift.dataSync()];
      const of = (f: (x: number, c: number, i: number) => number) =>
        Float32Array.from(values, (value, i) => f(value, i % 16, i));
      const deviation = tf.sub(x, mean);
      const expected = of((value, c) => value - means[c]!);
      // Twice the rounding of values up to 8, of three operations.
      const near = (y: tf.Tensor, f: (x: number, c: number, i: number) => number) => {
        expect(isDeferred(y)).toBe(true);
        for (let i = 0; i < 2; i++) expectNear(y.dataSync(), of(f), 8 * 3 * 2 ** -23);
        expect(isDeferred(y)).toBe(false);
      };
      const square = tf.square(deviation);
      const scaled = tf.mul(scale, deviation);
      near(tf.add(scaled, shift), (value, c) => (value - means[c]!) * s[c]! + t[c]!);
      near(tf.add(tf.mul(deviation, -3), 1), (value, c) => (value - means[c]!) * -3 + 1);
      near(tf.add(x, scaled), (value, c) => value + (value - means[c]!) * s[c]!);
      near(tf.add(scaled, deviation), (value, c) => (value - means[c]!) * (1 + s[c]!));
      near(tf.mul(scaled, tf.broadcastTo(shift, x.shape)), (value, c) => (value - means[c]!) * s[c]! * t[c]!);
      near(square, (value, c) => (value - means[c]!) ** 2);
      expect(deviation.dataSync()).toEqual(expected);
      expect(tf.relu(scaled).dataSync()).toEqual(scaled.dataSync().map((value) => Math.max(value, 0)));
      expect(isDeferred(tf.add(tf.mul(scaled, 1), drawn([64, 1, 16])))).toBe(false);
      const third = tf.add(tf.add(tf.mul(scaled, 1), x), x);
      expectNear(
        third.dataSync(),
        of((value, c) => (value - means[c]!) * s[c]! + 2 * value),
        3e-5,
      );
      const sum = tf.sum(tf.add(tf.mul(deviation, scale), shift), [0, 1]);
      expectNear(
        sum.dataSync(),
        [...t].map((value) => 1024 * value),
        1e-3,
      );
    });
  });

  it('outlives what it is of', () => {
    clean(() => {
      const x = drawn([1024, 16]);
      const mean = tf.mean(x, 0);
      const scale = drawn([16], { key: 2 });
      const [values, means, s] = [x.dataSync(), mean.dataSync(), scale.dataSync()];
      const y = tf.mul(tf.sub(x, mean), scale);
      tf.dispose([x, mean, scale]);
      const expected = values.map((value, i) => (value - means[i % 16]!) * s[i % 16]!);
      expectNear(y.dataSync(), expected, 8 * 2 ** -23);
    });
  });

  it('keeps the values of variables that are changed in place, and forgets their moments', () => {
    clean(() => {
      const [x, scale] = [drawn([1024, 16]), drawn([16], { key: 2 })].map((t) => tf.variable(t));
      const step = () => {
        const velocities = [x!, scale!].map((variable) => tf.variable(tf.zerosLike(variable)));
        sgdMomentumStep([x!, scale!], [tf.onesLike(x!), tf.onesLike(scale!)], velocities, {
          learningRate: 1,
        });
        tf.dispose(velocities);
      };
      for (let i = 0; i < 3; i++) {
        step(); // from now on they are changed where they lie
        const [values, s] = [x!.dataSync(), scale!.dataSync()];
        const mean = tf.mean(x!, 0);
        const means = mean.dataSync();
        const later = [tf.mul(tf.sub(x!, mean), scale!), tf.add(tf.sub(x!, mean), scale!)];
        expect(later.map(isDeferred)).toEqual([true, true]);
        step();
        const [product, sum] = later.map((y) => y.dataSync());
        const error = 16 * 2 ** -22;
        expectNear(
          product!,
          values.map((value, j) => (value - means[j % 16]!) * s[j % 16]!),
          error,
        );
        expectNear(
          sum!,
          values.map((value, j) => value - means[j % 16]! + s[j % 16]!),
          error,
        );
        expectNear(
          tf.mean(x!, 0).dataSync(),
          means.map((value) => value - 1),
          1e-5,
        );
      }
      tf.dispose([x!, scale!]);
    });
  });

  it('normalises by the variance that a variable has now', () => {
    clean(() => {
      const x = drawn([32, 16]);
      const variance = tf.variable(tf.ones([16]));
      const zeros = tf.zeros([16]) as tf.Tensor1D;
      const values = x.dataSync();
      const velocity = tf.variable(tf.zeros([16]));
      for (let v = 1; v < 4; v++) {
        const y = tf.batchNorm(
          x as tf.Tensor2D,
          zeros,
          variance as unknown as tf.Tensor1D,
          zeros,
          undefined,
          0,
        );
        sgdMomentumStep([variance], [tf.fill([16], -1)], [velocity], { learningRate: 1, momentum: 0 });
        expectNear(
          y.dataSync(),
          values.map((value) => value / Math.sqrt(v)),
          8 * 2 ** -23,
        );
      }
      tf.dispose([variance, velocity]);
    });
  });

  it('is only what is centred at its own mean', () => {
    clean(() => {
      const [x, other] = [drawn([1024, 16]), drawn([1024, 16], { key: 2 })];
      const mean = tf.mean(x, 0);
      const first = tf.tile(tf.slice(mean, [0], [1]), [16]); // begins where the mean does
      const centres = [tf.mean(other, 0), tf.add(mean, 0), first, tf.slice(mean, [0], [1])];
      for (const centre of centres) expect(isDeferred(tf.sub(x, centre))).toBe(false);
      const [values, c] = [x.dataSync(), first.dataSync()];
      expect(tf.sub(x, first).dataSync()).toEqual(values.map((value) => value - c[0]!));
      expect(isDeferred(tf.sub(other, mean))).toBe(false);
      expect(isDeferred(tf.sub(x, tf.mean(x, 1, true)))).toBe(false);
    });
  });

  it('keeps NaN and infinity where they are', () => {
    clean(() => {
      const values = Float32Array.from({ length: 2 ** 15 }, (_, i) => i % 7);
      values[8] = Number.NaN;
      values[17] = Number.POSITIVE_INFINITY;
      const x = tf.tensor2d(values, [2 ** 13, 4]);
      const { mean, variance } = tf.moments(x, 0);
      const sum = tf.sum(tf.sub(x, mean), 0);
      expect([...mean.dataSync()].slice(0, 2)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
      expect([...variance.dataSync()].map(Number.isFinite)).toEqual([false, false, true, true]);
      expect([...sum.dataSync()].map(Number.isNaN)).toEqual([true, true, false, false]);
    });
  });

  const norm = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, weights: tf.Tensor) => {
    const { mean, variance } = tf.moments(x, places(x.shape));
    const y = tf.batchNorm(
      x as tf.Tensor4D,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    );
    return tf.add(tf.relu(tf.add(y, weights)), tf.square(tf.add(mean, variance)));
  };
  const positive = (shape: number[]) => ({ shape, range: [0.5, 2] as [number, number] });

  it.each([[[8, 9, 15, 16]], [[33, 24, 7, 3]], [[2048, 8]], [[4, 5, 6]]])(
    'batch normalisation of %j by its own moments, and its gradient, are those of tfjs',
    async (shape) => {
      const channels = shape.slice(-1);
      const inputs = [{ shape }, positive(channels), { shape: channels }, { shape }];
      await expectSame(norm as never, inputs, { relative: 1e-4 }); // of sums over all places
      const detached = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, scale: tf.Tensor) =>
        tf.batchNorm(
          x as tf.Tensor4D,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          mean as tf.Tensor1D,
          scale as tf.Tensor1D,
        );
      const given = [{ shape }, { shape: channels }, positive(channels), positive(channels)];
      await expectSame(detached as never, given, { relative: 1e-4 });
    },
  );

  it('its gradient is the slope between two points', () => {
    clean(() => {
      const shape = [1024, 16];
      const [x, direction] = [drawn(shape), drawn(shape, { key: 2 })];
      const [scale, offset, weights] = [drawn([16], { key: 3 }), drawn([16]), drawn(shape, { key: 4 })];
      const loss = (at: tf.Tensor) => tf.mean(tf.square(norm(at, scale, offset, weights))) as tf.Scalar;
      const slope = tf.sum(tf.mul(tf.grad(loss)(x), direction)).dataSync()[0]!;
      const at = (h: number) => loss(tf.add(x, tf.mul(direction, h))).dataSync()[0]!;
      const h = 2 ** -5; // the third derivative times h^2, and the rounding of the loss over h
      expect(Math.abs((at(h) - at(-h)) / (2 * h) - slope)).toBeLessThan(2e-3 * Math.max(1, Math.abs(slope)));
    });
  });

  it('has second derivatives', () => {
    clean(() => {
      const x = drawn([4096, 4]);
      const weights = drawn([4096, 4], { key: 2 });
      const variance = (at: tf.Tensor) => tf.sum(tf.square(tf.moments(at, 0).variance)) as tf.Scalar;
      const along = (at: tf.Tensor) => tf.sum(tf.mul(tf.grad(variance)(at), weights)) as tf.Scalar;
      const second = tf.grad(along)(x).dataSync();
      // v = mean (x - m)^2: the slope of sum v^2 is 4 v (x - m) / n, and that of its sum with the weights w is
      // 4 (v (w - mean w) + 2 (x - m) mean((x - m) w)) / n.
      const [values, w, n] = [x.dataSync(), weights.dataSync(), 4096];
      const [own, other] = [defined(x), defined(weights)];
      const joint = defined(tf.tidy(() => tf.mul(tf.sub(x, tf.tensor1d(own.mean)), weights))).mean;
      const expected = values.map((value, i) => {
        const c = i % 4;
        const [v, d] = [own.variance[c]!, value - own.mean[c]!];
        return (4 * (v * (w[i]! - other.mean[c]!) + 2 * d * joint[c]!)) / n;
      });
      expectNear(second, expected, (4 / n) * 8 * 2 ** -18);
    });
  });

  it('leaves nothing behind where it fails', () => {
    const { uniform } = random(0);
    clean(() => {
      const x = drawn([1024, 16]);
      const deviation = tf.sub(x, tf.mean(x, 0));
      const before = liveHandles();
      const wrong = tf.tensor1d(Array.from({ length: 15 }, uniform));
      const kernel = (name: string, b: tf.Tensor) => tf.engine().runKernel(name, { a: deviation, b });
      for (const name of [tf.Add, tf.Multiply]) expect(() => kernel(name, wrong)).toThrow();
      wrong.dispose();
      expect(liveHandles() - before).toBeLessThanOrEqual(1); // what was put off has been computed for it
      const gone = tf.ones([16]);
      gone.dispose();
      for (const name of [tf.Add, tf.Multiply]) expect(() => kernel(name, gone)).toThrow('disposed');
    });
  });
});
