/** What all heads are held to, on a long tail whose last classes have one row and none. */
import '@tensorflow/tfjs';
import { DataError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@longtail/formats';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classifier,
  decodeClassifier,
  encodeClassifier,
  type Head,
  l2,
  pca,
  standardise,
} from '../src/index.ts';
import { EVERY_HEAD, type Problem, problem } from './every-head.ts';

beforeAll(useTestBackend);

const COUNTS = [16, 9, 5, 1, 0];
const NONE = COUNTS.length - 1;

const release = ({ features, weight }: Problem): void => tf.dispose([features, weight]);
const logitsOf = (head: Head, rows: tf.Tensor2D): number[][] => tf.tidy(() => head.logits(rows).arraySync());

/** A value with one place in it, at any depth, another. */
function* spoilt(value: unknown): Generator<unknown> {
  yield* [null, -1, 0.5, 'a', [], [null], { kind: 'linear' }];
  if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      for (const other of spoilt(item))
        yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
}

describe.each(Object.entries(EVERY_HEAD))('%s', (_, { make, absent, draws }) => {
  it('scores a class of one row, and says what one without rows scores', async () => {
    const of = problem(COUNTS);
    const head = await make(of);
    for (const scores of logitsOf(head, of.features)) {
      for (const score of scores.slice(0, NONE)) expect(Number.isFinite(score)).toBe(true);
      if (absent === 'finite') expect(Number.isFinite(scores[NONE])).toBe(true);
      else expect(scores[NONE]).toBe(Number.NEGATIVE_INFINITY);
    }
    const probabilities = tf.tidy(() => {
      const made = classifier({ head, counts: COUNTS, prior: 'uniform' });
      return made.probabilities(of.features).arraySync();
    });
    for (const p of probabilities) expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    head.dispose();
    release(of);
  });

  it('does not care which number a class has', async (context) => {
    if (draws === 'a class') context.skip('it begins at rows that are drawn for each class by its number');
    const order = [3, 4, 0, 2, 1];
    const [plain, renamed] = [problem(COUNTS), problem(COUNTS, order)];
    const [head, other] = [await make(plain), await make(renamed)];
    const [scores, others] = [head, other].map((one) => logitsOf(one, plain.features));
    // sums in another order, which training and solving pass on; L-BFGS ends where slopes are below 1e-4, by another way
    const back = others!.flatMap((row) => order.map((c) => row[c]!));
    toBeCloseTo(back.filter(Number.isFinite), scores!.flat().filter(Number.isFinite), { relative: 1e-3 });
    expect(back.map(Number.isFinite)).toEqual(scores!.flat().map(Number.isFinite));
    for (const one of [head, other]) one.dispose();
    for (const one of [plain, renamed]) release(one);
  });

  it('does not care for the order of rows', async (context) => {
    if (draws === 'a row') context.skip('it holds out rows that are drawn by their places');
    const of = problem(COUNTS);
    const places = Array.from(of.labels, (_, i) => (i * 7) % of.labels.length);
    const shuffled = {
      ...of,
      features: tf.gather(of.features, places),
      labels: Int32Array.from(places, (i) => of.labels[i]!),
    };
    const [head, other] = [await make(of), await make(shuffled)];
    const [scores, others] = [head, other].map((one) => logitsOf(one, of.features).flat());
    toBeCloseTo(others!.filter(Number.isFinite), scores!.filter(Number.isFinite), { relative: 1e-3 });
    for (const one of [head, other]) one.dispose();
    release(of);
    shuffled.features.dispose();
  });

  it('gives numbers for a row of zeros, and where a row of its weight is zeros', async () => {
    const of = problem(COUNTS.slice(0, NONE));
    const head = await make(of);
    const zeros = tf.zeros<tf.Rank.R2>([1, 4]);
    for (const [key, weight] of head.weights)
      if (/^(\d+\.)*(weight|means)$/.test(key))
        tf.tidy(() => {
          const [, ...others] = tf.unstack(weight);
          weight.assign(tf.stack([tf.zerosLike(others[0]!), ...others]));
        });
    for (const rows of [of.features, zeros])
      for (const score of logitsOf(head, rows).flat()) expect(Number.isFinite(score)).toBe(true);
    head.dispose();
    zeros.dispose();
    release(of);
  });

  it('comes back from a file with all beside it, to the bit, and leaves no tensor', async () => {
    const of = problem(COUNTS);
    const before = tf.memory().numTensors;
    const transform = [
      ...pca(of.features, { components: 4, whiten: true }),
      ...standardise(of.features),
      ...l2(),
    ];
    const made = classifier({
      head: await make(of),
      counts: COUNTS,
      transform,
      temperature: 1.7,
      scaling: { scale: Float32Array.of(1, 0.5, 2, 0, 1.1), offset: Float32Array.of(0, 1, -1, 0.3, 2) },
      prior: [0.1, 0.2, 0.3, 0.3, 0.1],
    });
    const file = encodeClassifier(made);
    const read = decodeClassifier(file);
    expect(logitsOf(read as never, of.features)).toEqual(logitsOf(made as never, of.features));
    expect(Buffer.compare(encodeClassifier(read), file)).toBe(0);
    expect([read.head.name, read.head.form]).toEqual([made.head.name, made.head.form]);
    for (const one of [made, read]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
    release(of);
  });

  it('refuses a file that is cut short, or has a tensor of another shape, and leaves no tensor', async () => {
    const of = problem(COUNTS);
    const made = classifier({ head: await make(of), counts: COUNTS });
    const file = encodeClassifier(made);
    made.dispose();
    const before = tf.memory().numTensors;
    for (const length of [0, 7, 100, file.length - 1])
      expect(() => decodeClassifier(file.subarray(0, length))).toThrow(DataError);
    const { arrays, metadata } = decodeSafetensors(file);
    for (const [name, { data, shape }] of arrays) {
      const twice = Float32Array.from([...(data as Float32Array), ...(data as Float32Array)]);
      const other = data instanceof Int32Array ? Int32Array.from(twice) : twice;
      const changed = new Map<string, NamedArray>(arrays).set(name, { shape: [2, ...shape], data: other });
      const odd = encodeSafetensors(changed, { longtail: metadata.longtail! });
      expect(() => decodeClassifier(odd), name).toThrow(DataError);
    }
    expect(tf.memory().numTensors).toBe(before);
    release(of);
  });

  it('refuses whatever else stands in the JSON of its file, in a sentence, and leaves no tensor', async () => {
    const of = problem(COUNTS);
    const made = classifier({ head: await make(of), counts: COUNTS, transform: l2() });
    const { arrays, metadata } = decodeSafetensors(encodeClassifier(made));
    made.dispose();
    const before = tf.memory().numTensors;
    for (const changed of spoilt(JSON.parse(metadata.longtail!))) {
      const odd = encodeSafetensors(arrays, { longtail: JSON.stringify(changed) });
      try {
        const read = decodeClassifier(odd);
        tf.tidy(() => read.logits(tf.zeros([2, read.head.featureDim])).dataSync());
        read.dispose();
      } catch (error) {
        expect(error, JSON.stringify(changed)).toBeInstanceOf(DataError);
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    release(of);
  });
});
