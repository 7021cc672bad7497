/** The works of works.ts through Longtail's public parts. */
import {
  batchNormTrain,
  conv2dGeneral,
  filterGrad,
  foldBatchNorm,
  fusedConv2dGeneral,
  inputGrad,
  normal,
  sgdMomentumStep,
  sparseCrossEntropy,
} from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { Work } from './works.ts';

const random = (...shape: number[]): tf.Tensor4D =>
  normal(shape, { seed: 0, keys: [shape.join()] }) as tf.Tensor4D;
const range = (n: number, below: number): tf.Tensor1D =>
  tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i % below),
    'int32',
  );

function conv([n, size, inputs, outputs, kernel, stride, groups]: number[], gradient: boolean): () => void {
  const [x, w] = [random(n!, size!, size!, inputs!), random(kernel!, kernel!, inputs! / groups!, outputs!)];
  const pad = Math.floor(kernel! / 2);
  const forward = () => conv2dGeneral(x, w, { strides: stride!, padding: pad, groups: groups! });
  if (!gradient) return () => forward().dispose();
  const dy = forward();
  const how = {
    strides: [stride!, stride!] as const,
    padding: [pad, pad, pad, pad] as const,
    dilations: [1, 1] as const,
    groups: groups!,
  };
  return () =>
    tf.dispose([inputGrad(dy, w, { ...how, shape: x.shape }), filterGrad(dy, x, { ...how, shape: w.shape })]);
}

function withGradient(run: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D): () => void {
  const dy = run(x);
  const both = tf.grad((y) => run(y as tf.Tensor4D));
  return () => both(x, dy).dispose();
}

function batchNorm([n, size, channels]: number[]): () => void {
  const statistics = {
    scale: tf.variable(tf.ones([channels!])),
    offset: tf.variable(tf.zeros([channels!])),
    runningMean: tf.variable(tf.zeros([channels!])),
    runningVariance: tf.variable(tf.ones([channels!])),
  } as unknown as Parameters<typeof batchNormTrain>[1];
  return withGradient((x) => batchNormTrain(x, statistics), random(n!, size!, size!, channels!));
}

/** relu(bn(conv(x)) + residual), folded as the backbones do it: in every call. */
function convNorm(inputs: number, outputs: number, kernel: number) {
  const filter = tf.variable(random(kernel, kernel, inputs, outputs)) as tf.Variable<tf.Rank.R4>;
  const vector = (value: number) => tf.variable(tf.fill([outputs], value)) as tf.Variable<tf.Rank.R1>;
  const norm = { scale: vector(1), offset: vector(0), mean: vector(0), variance: vector(1) };
  return (x: tf.Tensor4D, residual?: tf.Tensor4D): tf.Tensor4D => {
    const weights = { ...foldBatchNorm(filter, norm), ...(residual && { residual }) };
    return fusedConv2dGeneral(x, weights, { padding: (kernel - 1) / 2, activation: 'relu' });
  };
}

function bottleneck([n, size, outer, inner]: [number, number, number, number]): () => void {
  const [a, b, c] = [convNorm(outer, inner, 1), convNorm(inner, inner, 3), convNorm(inner, outer, 1)];
  const x = random(n, size, size, outer);
  return () => tf.tidy(() => void c(b(a(x)), x));
}

function mlp([n, units]: number[]): () => void {
  const weights = [units!, units!, 10].map((outputs) => [
    tf.variable(tf.mul(random(units!, outputs), 0.1)),
    tf.variable(tf.zeros([outputs])),
  ]) as [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R1>][];
  const [x, labels, optimizer] = [random(n!, units!), range(n!, 10), sgd(weights.flat())];
  const logits = () =>
    weights.reduce<tf.Tensor>((h, [w, b], i) => {
      const z = tf.add(tf.matMul(h as tf.Tensor2D, w), b);
      return i < 2 ? tf.relu(z) : z;
    }, x);
  const loss = () => tf.mean(sparseCrossEntropy(logits() as tf.Tensor2D, labels)) as tf.Scalar;
  return () => optimizer.minimize(loss, { learningRate: 0.01 }).dispose();
}

/** One run of the work, its tensors disposed. */
export function makeWork({ kind, sizes }: Work): () => void {
  const [a, b, c, d, e] = sizes as [number, number, number, number, number];
  switch (kind) {
    case 'conv':
    case 'convGrad':
      return conv([...sizes], kind === 'convGrad');
    case 'batchNorm':
      return batchNorm([...sizes]);
    case 'maxPool':
      return withGradient((x) => tf.maxPool(x, d, e, 'valid'), random(a, b, b, c));
    case 'avgPool':
      return withGradient((x) => tf.avgPool(x, d, e, 'valid'), random(a, b, b, c));
    case 'crossEntropy': {
      const labels = range(a, b);
      const gradient = tf.grad((z) => tf.mean(sparseCrossEntropy(z as tf.Tensor2D, labels)));
      const logits = random(a, b);
      return () => gradient(logits).dispose();
    }
    case 'matMul': {
      const [left, right] = [random(a, b), random(b, c)];
      return () => tf.matMul(left, right).dispose();
    }
    case 'sgd': {
      const all = () => Array.from({ length: a }, (_, i) => tf.variable(normal([b], { seed: i })));
      const [weights, slopes, velocities] = [all(), all(), all()];
      return () =>
        sgdMomentumStep(weights, slopes, velocities, { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 });
    }
    case 'inference': {
      const [x, layer] = [random(a, b, b, c), convNorm(c, d, e)];
      return () => tf.tidy(() => void layer(x));
    }
    case 'bottleneck':
      return bottleneck([a, b, c, d]);
    case 'mlp':
      return mlp([...sizes]);
  }
}
