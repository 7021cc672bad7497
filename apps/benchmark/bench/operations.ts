/**
 * Single operations of ResNet-50's size in turn with PyTorch's on the same machine, its better layout.
 * usage: pnpm bench:operations [PART OF A NAME]   (LONGTAIL_BENCH_PYTHON: a Python that has torch)
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import {
  batchNormTrain,
  conv2dGeneral,
  filterGrad,
  inputGrad,
  normal,
  sgdMomentumStep,
  sparseCrossEntropy,
} from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { WORKS, type Work } from './works.ts';

steadyMalloc();
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 9);
const python = process.env.LONGTAIL_BENCH_PYTHON;
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

function make({ kind, sizes }: Work): () => void {
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
    case 'mlp':
      return mlp([...sizes]);
  }
}

const median = (times: number[]): number => times.toSorted((x, y) => x - y)[times.length >> 1]!;
const engine = await loadEngine();
if (!python)
  console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
const child =
  python &&
  spawn(python, [join(import.meta.dirname, 'operations.py'), JSON.stringify(WORKS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GLIBC_TUNABLES: undefined }, // PyTorch as its users start it
  });
const lines = child ? createInterface({ input: child.stdout })[Symbol.asyncIterator]() : undefined;
if (lines) console.error((await lines.next()).value);
console.log(`${engine.backend} ${engine.version}, medians of ${ROUNDS} in turn\n`);
console.log('| work | ms | PyTorch, better layout | speed against it |\n| --- | ---: | ---: | ---: |');
for (const [place, work] of WORKS.entries()) {
  if (process.argv[2] && !work.name.includes(process.argv[2])) continue;
  const run = make(work);
  const [own, layouts] = [[] as number[], [[], []] as number[][]];
  for (let round = -2; round < ROUNDS; round++) {
    await setTimeout(10); // the other process's idle threads spin for a while
    const { repeats = 1 } = work;
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    const ms = (performance.now() - start) / repeats;
    let theirs: number[] = [];
    if (child && lines) {
      child.stdin.write(`${place}\n`);
      theirs = JSON.parse((await lines.next()).value!);
    }
    if (round < 0) continue;
    own.push(ms);
    theirs.forEach((time, i) => layouts[i]!.push(time));
  }
  const best = Math.min(...layouts.filter((times) => times.length > 0).map(median));
  const [ms, other] = [median(own), Number.isFinite(best) ? best.toFixed(2) : '-'];
  console.log(
    `| ${work.name} | ${ms.toFixed(2)} | ${other} | ${Number.isFinite(best) ? (best / ms).toFixed(2) : '-'} |`,
  );
  tf.disposeVariables();
}
if (child) child.stdin.end();
