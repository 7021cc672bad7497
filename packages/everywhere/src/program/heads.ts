/** Every head, trained on class-balanced features or computed from them. */
import { random } from '@longtail/core';
import {
  cosineHead,
  crt,
  type FeatureBatch,
  type Head,
  linearHead,
  lws,
  ncm,
  tauNorm,
} from '@longtail/heads';
import { batchSampler, classBalanced } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { COUNTS, LABELS, type Numbers, type Program, ROWS, read } from './set.ts';

const size = { featureDim: 4, numClasses: COUNTS.length, seed: 0 };

/** A cloud around a corner a class. */
function features(rows: Int32Array): tf.Tensor2D {
  const values = Array.from(rows, (row) => {
    const { normal } = random(0, 'feature', row);
    return Array.from({ length: size.featureDim }, (_, d) => (d === LABELS[row] ? 2 : 0) + 0.5 * normal());
  });
  return tf.tensor2d(values);
}

const sampler = batchSampler(classBalanced(LABELS, { seed: 0 }), { batchSize: 39 });
function* batches(epoch: number): Generator<FeatureBatch> {
  for (const rows of sampler.batches(epoch)) {
    const labels = rows.map((row) => LABELS[row]!);
    yield { features: features(rows), labels: tf.tensor1d(labels, 'int32') };
  }
}

async function logits(head: Head): Promise<Numbers> {
  const found = await read(() => head.logits(features(ROWS)));
  head.dispose();
  return found;
}

async function ofJoint(make: (joint: Head) => Head | Promise<Head>): Promise<Numbers> {
  const joint = linearHead(size);
  const head = await make(joint);
  joint.dispose();
  return logits(head);
}

/** 1 where a timer's signal ends a training that has no other end. */
async function aborted(): Promise<Numbers> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const training = crt(batches, { ...size, epochs: 1e6, signal: controller.signal });
  return [await training.then(() => 0).catch((error: Error) => Number(error.name === 'AbortError'))];
}

export const HEADS: Program = {
  crt: async () => logits(await crt(batches, { ...size, epochs: 3 })),
  'crt, aborted': aborted,
  lws: () => ofJoint((joint) => lws(joint, batches, { epochs: 2 })),
  tau: () => ofJoint((joint) => tauNorm(joint, { tau: 0.7 })),
  ncm: () => {
    const known = features(ROWS);
    const head = ncm(known, LABELS, size);
    known.dispose();
    return logits(head);
  },
  cosine: () => logits(cosineHead(size)),
};
