/** Each definition against tfjs's own operations or plain arithmetic, and its gradient against finite differences. */
import '@tensorflow/tfjs';
import { toBeCloseTo } from '@longtail/test-support';
import { testBackend, useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adamStep,
  batchNormTrain,
  conv2dGeneral,
  gelu,
  globalNorm,
  imagesFromBytes,
  indicator,
  isRecomputing,
  layerNorm,
  linear,
  logSoftmax,
  movingAverageStep,
  normal,
  recomputing,
  reluGrad,
  selfAttention,
  sgdMomentumStep,
  smoothedCrossEntropy,
  softCrossEntropy,
  sparseCrossEntropy,
  uniform,
} from '../src/index.ts';

beforeAll(useTestBackend);

const noise = (shape: number[], key: string): tf.Tensor => normal(shape, { seed: 0, keys: [key] });

/** Expects the gradient of sum(f(x) * fixed noise) to be what central differences give at every place. */
function checkGradient(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, tolerance = 2e-2): void {
  tf.tidy(() => {
    const weigh = noise(
      tf.tidy(() => f(x).shape),
      'weigh',
    );
    const loss = (at: tf.Tensor) => tf.sum(tf.mul(f(at), weigh)) as tf.Scalar;
    const gradient = tf.grad(loss)(x).dataSync();
    const values = Float32Array.from(x.dataSync());
    const h = 1e-2;
    const numeric = values.map((value, i) => {
      const at = (v: number) => tf.tidy(() => loss(tf.tensor(values.with(i, v), x.shape)).dataSync()[0]!);
      return (at(value + h) - at(value - h)) / (2 * h);
    });
    // A float32 loss near 10 has 1e-6 of rounding, divided by 2h; the rest is curvature.
    toBeCloseTo(gradient, numeric, { absolute: tolerance / 10, relative: tolerance });
  });
}

describe('conv2dGeneral', () => {
  it.each([
    { size: [2, 5, 6, 4], filter: [3, 3, 4, 2], options: { padding: 1 } },
    { size: [1, 7, 5, 4], filter: [3, 3, 2, 4], options: { padding: 1, strides: 2, groups: 2 } },
    {
      size: [1, 6, 6, 2],
      filter: [2, 3, 2, 3],
      options: { padding: [0, 1, 2, 0] as const, strides: [2, 1] as const },
    },
    { size: [1, 8, 7, 2], filter: [3, 2, 2, 2], options: { dilations: 2, padding: 1 } },
    { size: [1, 5, 5, 3], filter: [1, 1, 3, 2], options: { strides: 2 } },
  ])('has the gradients of finite differences: $options', ({ size, filter, options }) => {
    const x = noise(size, 'x') as tf.Tensor4D;
    const w = noise(filter, 'w') as tf.Tensor4D;
    checkGradient((at) => conv2dGeneral(at as tf.Tensor4D, w, options), x);
    checkGradient((at) => conv2dGeneral(x, at as tf.Tensor4D, options), w);
  });

  it('is tf.conv2d where both exist, and so are the gradients', ({ skip }) => {
    if (!tf.getKernel(tf.Conv2DBackpropFilter, testBackend())) skip('tfjs has no gradient of conv2d here');
    const inputs = [noise([2, 6, 6, 3], 'x'), noise([3, 3, 3, 4], 'w')] as [tf.Tensor4D, tf.Tensor4D];
    const gradients = (conv: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor) =>
      tf.grads((x, w) => tf.sum(tf.square(conv(x as tf.Tensor4D, w as tf.Tensor4D))))(inputs);
    const ours = gradients((x, w) => conv2dGeneral(x, w, { padding: 1 }));
    const theirs = gradients((x, w) => tf.conv2d(x, w, 1, 'same'));
    ours.forEach((gradient, i) =>
      toBeCloseTo(gradient.dataSync(), theirs[i]!.dataSync(), { relative: 1e-5 }),
    );
  });

  it('refuses groups that do not fit', () => {
    expect(() => conv2dGeneral(tf.zeros([1, 3, 3, 4]), tf.zeros([1, 1, 4, 4]), { groups: 2 })).toThrow(
      'with 2 groups needs',
    );
  });
});

describe('batchNormTrain', () => {
  const variables = () => ({
    scale: tf.tensor1d([1, 2, 0.5]),
    offset: tf.tensor1d([0, -1, 3]),
    runningMean: tf.variable(tf.zeros([3])) as tf.Variable<tf.Rank.R1>,
    runningVariance: tf.variable(tf.ones([3])) as tf.Variable<tf.Rank.R1>,
  });

  it('normalises a channel to offset and scale, and moves the running statistics as PyTorch does', () => {
    const x = tf.tensor2d([
      [1, 0, 5],
      [3, 0, 5],
      [5, 6, 5],
    ]);
    const inputs = variables();
    const { mean, variance } = tf.moments(batchNormTrain(x, inputs), 0);
    toBeCloseTo(mean.dataSync(), [0, -1, 3]);
    toBeCloseTo(variance.dataSync(), [1, 4, 0], { absolute: 1e-4 }); // epsilon shrinks it by 1e-5 / variance
    toBeCloseTo(inputs.runningMean.dataSync(), [0.3, 0.2, 0.5]);
    toBeCloseTo(inputs.runningVariance.dataSync(), [0.9 + 0.4, 0.9 + 1.2, 0.9]);
  });

  it('has the gradients of finite differences, with a residual', () => {
    const [x, residual] = [noise([2, 3, 2, 3], 'x'), noise([2, 3, 2, 3], 'residual')];
    const run = (changed: object) => batchNormTrain(x, { ...variables(), residual, ...changed });
    checkGradient((at) => batchNormTrain(at, { ...variables(), residual }), x, 5e-2);
    checkGradient((scale) => run({ scale }), tf.tensor1d([1, 2, 0.5]), 5e-2);
    checkGradient((offset) => run({ offset }), tf.tensor1d([0, -1, 3]), 5e-2);
    checkGradient((at) => run({ residual: at }), residual, 5e-2);
  });

  it('with relu is relu behind it, and so are its gradients', () => {
    const inputs = [noise([2, 3, 2, 3], 'x'), noise([2, 3, 2, 3], 'residual'), noise([2, 3, 2, 3], 'weigh')];
    const fused = tf.grads((x, residual, w) =>
      tf.sum(tf.mul(w!, batchNormTrain(x!, { ...variables(), residual: residual! }, { activation: 'relu' }))),
    )(inputs);
    const apart = tf.grads((x, residual, w) =>
      tf.sum(tf.mul(w!, tf.relu(tf.add(batchNormTrain(x!, variables()), residual!)))),
    )(inputs);
    fused.forEach((gradient, i) => toBeCloseTo(gradient.dataSync(), apart[i]!.dataSync()));
  });

  it('leaves the running statistics alone where a pass is recomputed, also after a throw', () => {
    const [x, inputs] = [noise([4, 3], 'x'), variables()];
    const first = batchNormTrain(x, inputs).dataSync();
    const moved = inputs.runningVariance.dataSync();
    recomputing(() => expect(batchNormTrain(x, inputs).dataSync()).toEqual(first));
    expect(inputs.runningVariance.dataSync()).toEqual(moved);
    expect(() =>
      recomputing(() => {
        throw new Error('in between');
      }),
    ).toThrow('in between');
    expect(isRecomputing()).toBe(false);
    batchNormTrain(x, inputs);
    expect(inputs.runningVariance.dataSync()).not.toEqual(moved);
  });

  it('refuses a single value a channel', () => {
    expect(() => batchNormTrain(tf.zeros([1, 3]), variables())).toThrow(
      'needs more than one value a channel',
    );
  });
});

it('relu passes the gradient where its output is positive', () => {
  const x = tf.tensor1d([-2, 0, 3]);
  expect([
    ...tf
      .grad((at) => tf.sum(tf.mul(tf.relu(at), 5)))(x)
      .dataSync(),
  ]).toEqual([0, 0, 5]);
  expect([...reluGrad(tf.tensor1d([1, 2]), tf.tensor1d([0, 9])).dataSync()]).toEqual([0, 2]);
});

it.each([
  { begin: [1, 0], end: [6, 5], strides: [2, 3] },
  { begin: [0, 2], end: [7, 5], strides: [3, 1] },
])('stridedSlice has a gradient: $strides', ({ begin, end, strides }) => {
  checkGradient((x) => tf.stridedSlice(x, begin, end, strides), noise([7, 5], 'x'));
});

it('sparseCrossEntropy is -log softmax at the label, and its gradient softmax - onehot', () => {
  const logits = tf.tensor2d([
    [1, 2, 3],
    [1e4, 0, -1e4],
  ]);
  const labels = tf.tensor1d([0, 1], 'int32');
  const gradient = tf
    .grad((z) => tf.sum(sparseCrossEntropy(z as tf.Tensor2D, labels)))(logits)
    .dataSync();
  const total = Math.exp(1) + Math.exp(2) + Math.exp(3);
  toBeCloseTo(sparseCrossEntropy(logits, labels).dataSync(), [Math.log(total) - 1, 1e4]);
  toBeCloseTo(gradient, [Math.exp(1) / total - 1, Math.exp(2) / total, Math.exp(3) / total, 1, -1, 0]);
  expect(() => sparseCrossEntropy(logits, tf.tensor1d([0, 1]))).toThrow(
    'needs logits [N, C] and int32 labels [N]',
  );
});

it('softCrossEntropy is -sum t log softmax, and smoothedCrossEntropy that of smoothed labels', () => {
  const z = noise([3, 4], 'z') as tf.Tensor2D;
  const targets = tf.abs(noise([3, 4], 'targets')) as tf.Tensor2D;
  const byHand = tf.neg(tf.sum(tf.mul(targets, tf.log(tf.softmax(z))), 1));
  toBeCloseTo(softCrossEntropy(z, targets).dataSync(), byHand.dataSync());
  checkGradient((at) => softCrossEntropy(at as tf.Tensor2D, targets), z);
  const [labels, epsilon] = [tf.tensor1d([2, 0, 3], 'int32'), tf.tensor1d([0, 0.25, 1])];
  const smoothed = tf.tensor2d([0, 0, 1, 0, 0.8125, 0.0625, 0.0625, 0.0625, 0.25, 0.25, 0.25, 0.25], [3, 4]);
  const expected = softCrossEntropy(z, smoothed).dataSync();
  toBeCloseTo(smoothedCrossEntropy(z, labels, epsilon).dataSync(), expected);
  checkGradient((at) => smoothedCrossEntropy(at as tf.Tensor2D, labels, epsilon), z);
  expect(() => softCrossEntropy(z, tf.zeros([3, 3]))).toThrow('targets of their shape');
  expect(() => smoothedCrossEntropy(z, labels, tf.zeros([2]))).toThrow('float32 epsilons [N]');
});

it('logSoftmax is log softmax, with the gradient of finite differences', () => {
  const z = noise([3, 5], 'z');
  toBeCloseTo(logSoftmax(z as tf.Tensor2D).dataSync(), tf.log(tf.softmax(z)).dataSync());
  checkGradient((at) => logSoftmax(at as tf.Tensor2D), z);
  const [large, small] = logSoftmax(tf.tensor2d([1e4, -1e4, 1e4], [1, 3])).dataSync();
  toBeCloseTo([large!], [-Math.LN2]);
  toBeCloseTo([small!], [-2e4 - Math.LN2], { relative: 2 ** -24 }); // the nearest float32
  expect(() => logSoftmax(tf.zeros([3]) as never)).toThrow('needs logits [N, C]');
});

it('linear is x W^T + b, with the gradients of finite differences', () => {
  const [x, weight] = [noise([3, 4], 'x') as tf.Tensor2D, noise([2, 4], 'weight') as tf.Tensor2D];
  const bias = tf.tensor1d([1, -1]);
  toBeCloseTo(
    linear(x, { weight, bias }).dataSync(),
    tf.add(tf.matMul(x, tf.transpose(weight)), bias).dataSync(),
  );
  checkGradient((at) => linear(at as tf.Tensor2D, { weight, bias }), x);
  checkGradient((at) => linear(x, { weight: at as tf.Tensor2D }), weight);
  checkGradient((at) => linear(x, { weight, bias: at as tf.Tensor1D }), bias);
  expect(() => linear(x, { weight: tf.zeros([2, 3]) })).toThrow('needs x [N, I], weights [O, I]');
});

it('layerNorm gives each row the mean and deviation asked for, with the gradients of finite differences', () => {
  const inputs = { scale: tf.tensor1d([2, 2, 2, 2]), offset: tf.tensor1d([3, 3, 3, 3]) };
  const x = noise([2, 3, 4], 'x');
  const { mean, variance } = tf.moments(layerNorm(x, inputs, { epsilon: 1e-9 }), -1);
  toBeCloseTo(mean.dataSync(), new Float32Array(6).fill(3));
  toBeCloseTo(variance.dataSync(), new Float32Array(6).fill(4));
  checkGradient((at) => layerNorm(at, inputs), x, 5e-2);
  checkGradient((at) => layerNorm(x, { ...inputs, scale: at as tf.Tensor1D }), inputs.scale);
  checkGradient((at) => layerNorm(x, { ...inputs, offset: at as tf.Tensor1D }), inputs.offset);
  expect(() => layerNorm(x, { ...inputs, scale: tf.ones([3]) as tf.Tensor1D })).toThrow('needs x [..., C]');
});

it('gelu is x Phi(x), or x sigmoid(1.702 x), with the gradients of finite differences', () => {
  const x = tf.tensor1d([-2, -0.5, 0, 1, 3]);
  // Phi by the normal distribution's table
  const phi = [0.0227501, 0.3085375, 0.5, 0.8413447, 0.9986501];
  toBeCloseTo(
    gelu(x).dataSync(),
    [...x.dataSync()].map((value, i) => value * phi[i]!),
  );
  const sigmoid = [...x.dataSync()].map((value) => value / (1 + Math.exp(-1.702 * value)));
  toBeCloseTo(gelu(x, { form: 'sigmoid' }).dataSync(), sigmoid);
  for (const form of ['erf', 'sigmoid'] as const) checkGradient((at) => gelu(at, { form }), x);
});

it('selfAttention weighs values by the softmax of q k / sqrt(d), with the gradient of finite differences', () => {
  const qkv = noise([2, 3, 12], 'qkv') as tf.Tensor3D;
  const [q, k, v] = tf.split(qkv, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const head = (x: tf.Tensor3D, i: number) => tf.slice(x, [0, 0, 2 * i], [2, 3, 2]);
  const heads = [0, 1].map((i) => {
    const scores = tf.div(tf.matMul(head(q, i), head(k, i), false, true), Math.SQRT2);
    return tf.matMul(tf.softmax(scores), head(v, i));
  });
  toBeCloseTo(selfAttention(qkv, { heads: 2 }).dataSync(), tf.concat(heads, 2).dataSync());
  checkGradient((at) => selfAttention(at as tf.Tensor3D, { heads: 2 }), qkv);
  expect(() => selfAttention(qkv, { heads: 3 })).toThrow('of 3 heads needs [N, T, 3 D]');
});

it('indicator is one-hot, also for one class', () => {
  const rows = indicator(tf.tensor1d([2, 0], 'int32'), 3);
  expect([rows.dtype, ...rows.dataSync()]).toEqual(['float32', 0, 0, 1, 1, 0, 0]);
  expect([...indicator(tf.tensor1d([0, 0], 'int32'), 1).dataSync()]).toEqual([1, 1]);
  expect(() => indicator(tf.tensor1d([0, 1]), 2)).toThrow('needs int32 labels [N]');
});

it('sgdMomentumStep is the update of torch.optim.SGD', () => {
  const [w, v] = [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.tensor1d([0.5, 0]))];
  sgdMomentumStep([w], [tf.tensor1d([0.1, 0.2])], [v], {
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 0.01,
  });
  toBeCloseTo(v.dataSync(), [0.45 + 0.11, 0.18]);
  toBeCloseTo(w.dataSync(), [1 - 0.056, -2 - 0.018]);
  sgdMomentumStep([w], [tf.tensor1d([0, 0])], [v], { learningRate: 1, momentum: 0.5, nesterov: true });
  toBeCloseTo(w.dataSync(), [0.944 - 0.14, -2.018 - 0.045]);
  expect(() => sgdMomentumStep([w], [tf.zeros([3])], [v], { learningRate: 1 })).toThrow('needs equal shapes');
});

it('sgdMomentumStep with decoupled decay shrinks the weights alone', () => {
  const [w, v] = [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.zeros([2]))];
  const options = { learningRate: 0.1, momentum: 0.5, weightDecay: 0.5, decoupled: true };
  for (let i = 0; i < 2; i++) sgdMomentumStep([w], [tf.tensor1d([1, 0])], [v], options);
  toBeCloseTo(v.dataSync(), [1.5, 0]);
  toBeCloseTo(w.dataSync(), [(0.95 - 0.1) * 0.95 - 0.15, -2 * 0.95 ** 2]);
});

it('adamStep is the update of torch.optim.Adam and AdamW', () => {
  for (const decoupled of [false, true]) {
    const [w, m, v] = [tf.tensor1d([1, -2]), tf.zeros([2]), tf.tensor1d([0, 0.04])].map((x) =>
      tf.variable(x),
    );
    const options = { learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.5, weightDecay: 0.2, decoupled };
    const moments = { gradients: [tf.tensor1d([0.3, 0.4])], means: [m!], squares: [v!] };
    adamStep([w!], moments, { ...options, steps: [2] });
    const g = decoupled ? [0.3, 0.4] : [0.5, 0];
    const kept = decoupled ? [0.98, -1.96] : [1, -2];
    const squares = [0.25 * g[0]! ** 2, 0.03 + 0.25 * g[1]! ** 2];
    const expected = kept.map(
      (x, i) => x - ((0.1 / 0.75) * 0.5 * g[i]!) / (Math.sqrt(squares[i]! / 0.4375) + 0.5),
    );
    toBeCloseTo(m!.dataSync(), [g[0]! / 2, g[1]! / 2]);
    toBeCloseTo(v!.dataSync(), squares);
    toBeCloseTo(w!.dataSync(), expected);
    expect(() => adamStep([w!], moments, { ...options, steps: [] })).toThrow(
      'equal numbers of variables and steps',
    );
    expect(() => adamStep([w!], { ...moments, means: [] }, { ...options, steps: [1] })).toThrow(
      'but got 1 and 0',
    );
  }
});

it('globalNorm is the norm of all values, with a gradient', () => {
  const tensors = [tf.tensor1d([3, 0]), tf.tensor2d([[-4]])];
  expect(globalNorm(tensors).dataSync()[0]).toBe(5);
  expect(
    [
      ...tf
        .grad((x) => globalNorm([x]))(tf.tensor1d([3, 4]))
        .dataSync(),
    ].map((g) => g.toFixed(6)),
  ).toEqual(['0.600000', '0.800000']);
  expect(() => globalNorm([])).toThrow('at least one tensor');
});

it('movingAverageStep keeps a share of the average', () => {
  const a = tf.variable(tf.tensor1d([1, -2]));
  movingAverageStep([a], [tf.tensor1d([2, 0])], { decay: 0.75 });
  toBeCloseTo(a.dataSync(), [1.25, -1.5]);
  expect(() => movingAverageStep([a], [tf.zeros([3])], { decay: 0 })).toThrow('needs equal shapes');
});

it('random tensors are the same for a seed, on any call', () => {
  const [a, b] = [normal([3, 2], { seed: 4, keys: ['a'] }), normal([3, 2], { seed: 4, keys: ['a'] })];
  expect(a.dataSync()).toEqual(b.dataSync());
  expect(normal([6], { seed: 4, keys: ['b'] }).dataSync()).not.toEqual(a.dataSync());
  for (const value of uniform([1000], { seed: 1, low: -2, high: 3 }).dataSync())
    expect(value >= -2 && value < 3).toBe(true);
});

it('imagesFromBytes normalises each channel', () => {
  const images = imagesFromBytes(Uint8Array.of(0, 255, 51, 102), [1, 1, 2, 2], {
    mean: [0.5, 0.25],
    std: [0.5, 0.1],
  });
  toBeCloseTo(images.dataSync(), [-1, 7.5, -0.6, 1.5]);
  expect(() => imagesFromBytes(Uint8Array.of(0), [1, 1, 1, 2], { mean: [0], std: [1] })).toThrow(
    'as many bytes as',
  );
});
