/** The losses of works.ts, each as the part has it and as its formula reads in plain tfjs operations. */
import { indicator, normal } from '@longtail/kernels';
import {
  balancedSoftmax,
  classBalanced,
  crossEntropy,
  effectiveNumberWeights,
  focal,
  influenceBalanced,
  type Loss,
  labelAwareEpsilons,
  labelAwareSmoothing,
  ldam,
  ldamMargins,
} from '@longtail/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { LossKind, LossWork } from './works.ts';

interface Batch {
  readonly labels: tf.Tensor1D;
  /** float32 [N, C]. */
  readonly targets: tf.Tensor2D;
  readonly features: tf.Tensor2D;
  readonly counts: Int32Array;
}

type Forward = (z: tf.Tensor2D) => tf.Tensor;
interface Kind {
  readonly ours: (batch: Batch) => Loss;
  readonly naive: (batch: Batch) => Forward;
  readonly soft?: true;
}

const onehot = ({ labels }: Batch, z: tf.Tensor2D) => tf.cast(tf.oneHot(labels, z.shape[1]), 'float32');
const rows = (batch: Batch, z: tf.Tensor2D) => tf.neg(tf.sum(tf.mul(onehot(batch, z), tf.logSoftmax(z)), 1));
const ofLabel = (values: Float32Array, { labels }: Batch) => tf.gather(tf.tensor1d(values), labels);

const KINDS: Readonly<Record<LossKind, Kind>> = {
  'cross-entropy': { ours: () => crossEntropy(), naive: (b) => (z) => tf.mean(rows(b, z)) },
  'label smoothing': {
    ours: () => crossEntropy({ smoothing: 0.1 }),
    naive: (b) => (z) => {
      const targets = tf.add(tf.mul(onehot(b, z), 0.9), 0.1 / z.shape[1]);
      return tf.mean(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(z)), 1)));
    },
  },
  'soft targets': {
    soft: true,
    ours: () => crossEntropy(),
    naive: (b) => (z) => tf.mean(tf.neg(tf.sum(tf.mul(b.targets, tf.logSoftmax(z)), 1))),
  },
  'class-balanced': {
    ours: ({ counts }) => classBalanced(counts),
    naive: (b) => (z) => {
      const weights = ofLabel(effectiveNumberWeights(b.counts), b);
      return tf.div(tf.sum(tf.mul(rows(b, z), weights)), tf.sum(weights));
    },
  },
  'balanced softmax': {
    ours: ({ counts }) => balancedSoftmax(counts),
    naive: (b) => (z) => tf.mean(rows(b, tf.add(z, tf.log(tf.tensor1d(Float32Array.from(b.counts)))))),
  },
  focal: {
    ours: () => focal(),
    naive: (b) => (z) => {
      const p = tf.sum(tf.mul(onehot(b, z), tf.softmax(z)), 1);
      return tf.mean(tf.mul(tf.pow(tf.sub(1, p), 2), tf.neg(tf.log(p))));
    },
  },
  'class-balanced focal': {
    ours: ({ counts }) => classBalanced(counts, { form: 'focal', gamma: 2 }),
    naive: (b) => (z) => {
      const [y, p] = [onehot(b, z), tf.sigmoid(z)];
      const right = tf.add(tf.mul(p, y), tf.mul(tf.sub(1, p), tf.sub(1, y)));
      const each = tf.mul(tf.pow(tf.sub(1, right), 2), tf.neg(tf.log(tf.add(right, 1e-12))));
      return tf.mean(tf.mul(tf.sum(each, 1), ofLabel(effectiveNumberWeights(b.counts), b)));
    },
  },
  LDAM: {
    ours: ({ counts }) => ldam(counts),
    naive: (b) => (z) => {
      const margins = tf.mul(onehot(b, z), tf.tensor1d(ldamMargins(b.counts)));
      return tf.mean(rows(b, tf.mul(tf.sub(z, margins), 30)));
    },
  },
  'label-aware smoothing': {
    ours: ({ counts }) => labelAwareSmoothing(counts),
    naive: (b) => (z) => {
      const epsilon = ofLabel(labelAwareEpsilons(b.counts), b);
      const uniform = tf.neg(tf.mean(tf.logSoftmax(z), 1));
      return tf.mean(tf.add(tf.mul(tf.sub(1, epsilon), rows(b, z)), tf.mul(epsilon, uniform)));
    },
  },
  'influence-balanced': {
    ours: ({ counts }) => influenceBalanced(counts, { startEpoch: 0 }),
    naive: (b) => (z) => {
      const error = tf.sum(tf.abs(tf.sub(tf.softmax(z), onehot(b, z))), 1);
      const influence = tf.add(tf.mul(error, tf.sum(tf.abs(b.features), 1)), 1e-3);
      const inverse = Float32Array.from(b.counts, (n) => 1 / n);
      return tf.mean(tf.mul(tf.div(tf.mul(rows(b, z), 1000), influence), ofLabel(inverse, b)));
    },
  },
};

/** Value and gradient: the part's, and the naive form's. */
export function makeLossWork({ kind, rows: n, classes }: LossWork): { ours: () => void; naive: () => void } {
  const labels = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i % classes),
    'int32',
  );
  const batch: Batch = {
    labels,
    targets: tf.tidy(() => tf.add(tf.mul(indicator(labels, classes), 0.75), 0.25 / classes)),
    features: tf.tidy(() => tf.relu(normal([n, 64], { seed: 1 })) as tf.Tensor2D),
    counts: Int32Array.from({ length: classes }, (_, c) => Math.ceil(500 * 0.01 ** (c / classes))),
  };
  const { ours, naive, soft } = KINDS[kind];
  const loss = ours(batch);
  const given = soft ? batch.targets : labels;
  const z = normal([n, classes], { seed: 0 }) as tf.Tensor2D;
  const forms = {
    ours: (at: tf.Tensor2D) => loss(at, given, { epoch: 0, step: 0, features: batch.features }),
    naive: naive(batch),
  };
  const both = (form: Forward) => {
    const gradient = tf.valueAndGrad((at) => form(at as tf.Tensor2D) as tf.Scalar);
    return () => tf.tidy(() => void gradient(z));
  };
  return { ours: both(forms.ours), naive: both(forms.naive) };
}
