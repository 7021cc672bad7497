/**
 * A head by Longtail's parts, fitted when it is asked for: see turns/contestant.ts, and heads.py for its twins.
 * usage: own-head.ts crt|lws|tau|ncm|knn|lda|logistic FOLDER CLASSES DIM   (the folder of features.ts)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import {
  chooseTau,
  crt,
  type Head,
  knn,
  lda,
  linearFrom,
  logisticRegression,
  lws,
  ncm,
  sampledBatches,
} from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { answerTurns } from '../turns/answer.ts';
import { beginPeak } from '../turns/peak-memory.ts';
import { milliseconds } from '../turns/time.ts';

const [, , work = '', folder = '', classes, dim] = process.argv;
steadyMalloc();
const { backend, version } = await loadEngine({ backend: 'torch' });

const [numClasses, featureDim] = [Number(classes), Number(dim)];
const bytes = (file: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, file))).buffer;
const floats = (file: string): Float32Array => new Float32Array(bytes(file));
const rowsOf = (file: string): tf.Tensor2D => {
  const values = floats(file);
  return tf.tensor2d(values, [values.length / featureDim, featureDim]);
};
const train = rowsOf('train.f32');
const test = rowsOf('test.f32');
const labels = new Int32Array(bytes('train.i32'));
const expected = new Int32Array(bytes('test.i32'));
const joint = linearFrom('joint', { weight: rowsOf('weight.f32'), bias: tf.tensor1d(floats('bias.f32')) });

const accuracy = (predictions: ArrayLike<number>): number =>
  Array.from(predictions).filter((c, i) => c === expected[i]).length / predictions.length;

/** What the head gives right of the first rows of the test. */
const right = (head: Head, count: number): number => {
  const rows = tf.slice(test, [0, 0], [count, -1]);
  const found = tf.tidy(() => tf.argMax(head.logits(rows), 1));
  const score = accuracy(found.dataSync());
  tf.dispose([rows, found]);
  head.dispose();
  return score;
};

const batches = sampledBatches(train, labels, { sampler: classAware(labels, { seed: 0 }) });

/** What was fitted, as a number that tells whether both sides found the same. */
const WORKS: Record<string, () => Promise<number>> = {
  crt: async () => right(await crt(batches, { featureDim, numClasses, seed: 0, epochs: 1 }), 1000),
  lws: async () => right(await lws(joint, batches), 1000),
  tau: async () => {
    const { scores } = chooseTau(joint, test, { scoreClasses: accuracy });
    return scores.reduce((a, b) => a + b) / scores.length;
  },
  ncm: async () => right(ncm(train, labels, { numClasses }), expected.length),
  knn: async () => right(knn(train, labels, { numClasses }), Math.ceil(expected.length / 12)),
  lda: async () => right(lda(train, labels, { numClasses }), 1000),
  logistic: async () => {
    const head = await logisticRegression(train, labels, { numClasses });
    head.dispose();
    return head.fit.value;
  },
};

const run = WORKS[work]!;
const peak = beginPeak();
let found = 0;
await answerTurns({
  greeting: `${backend} ${version}`,
  turn: () =>
    milliseconds(async () => {
      found = await run();
    }),
  end: () => [peak(), found],
});
