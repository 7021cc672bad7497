/** What the tests of learned heads share: the golden of golden/learned.py, and the losses that they take as functions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indicator, smoothedCrossEntropy, sparseCrossEntropy } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import type { Head, HeadLoss } from '../src/index.ts';
import { counts, firstRows } from './long-tail.ts';

type Golden = Readonly<{ losses: number[]; logits?: number[] } & Record<string, number[]>>;
const goldens: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/learned.json'), 'utf8'),
);

/** Cross-entropy of z + tau log pi, of these counts. */
export const adjusted = (tau: number, of: readonly number[] = counts): HeadLoss => {
  const total = of.reduce((a, b) => a + b, 0);
  const shift = of.map((n) => tau * Math.log(Math.max(n, 1e-6) / total));
  return (logits, labels) =>
    tf.tidy(() => tf.mean(sparseCrossEntropy(tf.add(logits, tf.tensor1d(shift)), labels)) as tf.Scalar);
};

/**
 * Expects the loss of each epoch, the weights at the end and the logits of the first rows to be PyTorch's: tens of steps in float32 against float64, roundings of
 * 6e-8 that momentum adds up.
 */
export function expectGolden(
  name: string,
  head: Head,
  losses: readonly number[],
  { relative = 5e-6 }: { relative?: number } = {},
): void {
  const { losses: curve, logits, ...weights } = goldens[name]!;
  toBeCloseTo(losses, curve, { absolute: 1e-6, relative });
  if (logits)
    toBeCloseTo(
      tf.tidy(() => head.logits(firstRows(20)).dataSync()),
      logits,
      { relative },
    );
  for (const [key, values] of Object.entries(weights))
    toBeCloseTo(head.weights.get(key)!.dataSync(), values, { absolute: 1e-6, relative });
}

/** Weighted cross-entropy, by the weights' sum. */
export const weighted =
  (weights: readonly number[]): HeadLoss =>
  (logits, labels) =>
    tf.tidy(() => {
      const w = tf.gather(tf.tensor1d([...weights]), labels);
      return tf.div(tf.sum(tf.mul(w, sparseCrossEntropy(logits, labels))), tf.sum(w)) as tf.Scalar;
    });

/** (1 - b) / (1 - b^n) of sum C; 0 for a class without rows. */
export function effectiveNumber(of: readonly number[] = counts, beta = 0.9999): number[] {
  const raw = of.map((n) => (n === 0 ? 0 : (1 - beta) / (1 - beta ** n)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => (w * of.length) / sum);
}

/** (1 / pi_c)^rho of sum C; 0 for a class without rows. */
export function reweighted(of: readonly number[] = counts, rho = 1.2): number[] {
  const total = of.reduce((a, b) => a + b, 0);
  const raw = of.map((n) => (n === 0 ? 0 : (total / n) ** rho));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => (w * of.length) / sum);
}

/** Cross-entropy of targets smoothed by e_c = tail + (head - tail) sin(pi (n_c - n_min) / (2 (n_max - n_min))). */
export function labelAware(head: number, tail: number, of: readonly number[] = counts): HeadLoss {
  const [least, most] = [Math.min(...of), Math.max(...of)];
  const share = (n: number) => (most === least ? 0 : (n - least) / (most - least));
  const epsilons = of.map((n) => tail + (head - tail) * Math.sin((Math.PI / 2) * share(n)));
  return (logits, labels) =>
    tf.tidy(() => {
      const epsilon = tf.gather(tf.tensor1d(epsilons), labels) as tf.Tensor1D;
      return tf.mean(smoothedCrossEntropy(logits, labels, epsilon)) as tf.Scalar;
    });
}

/**
 * GCL's second stage with clouds that are not drawn: a quarter of their size for every row, instead of |e|; (1 - p)^gamma is a number to
 * the gradient.
 */
export function clouded(
  of: readonly number[],
  { margin, scale, gamma }: { margin: number; scale: number; gamma: number },
): HeadLoss {
  const least = Math.min(...of.filter((n) => n > 0));
  const logs = of.map((n) => Math.log(Math.max(n, least)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const sizes = logs.map((log) => (high === low ? 0 : (0.5 * 0.25 * (high - log)) / (high - low)));
  return (logits, labels) =>
    tf.tidy(() => {
      const own = indicator(labels, of.length);
      const z = tf.mul(tf.sub(tf.sub(logits, tf.tensor1d(sizes)), tf.mul(own, margin)), scale) as tf.Tensor2D;
      const rows = sparseCrossEntropy(z, labels);
      const doubt = tf.customGrad((l) => ({
        value: tf.pow(tf.sub(1, tf.exp(tf.neg(l as tf.Tensor))), gamma),
        gradFunc: () => tf.zeros([labels.size]),
      }))(rows);
      return tf.mean(tf.mul(rows, doubt)) as tf.Scalar;
    });
}
