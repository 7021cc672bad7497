import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { ensemble, type Head, linearFrom, linearHead, ncm } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';

beforeAll(useTestBackend);

describeHead('ensemble', ({ features, labels, numClasses }) =>
  ensemble([ncm(features, labels, { numClasses }), ncm(features, labels, { numClasses, kind: 'un' })]),
);

const rows = tf.tensor2d([1, 2, -3, 0.5, 200, -300], [3, 2]);
const members = (): Head[] => [
  linearFrom('a', { weight: tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]) }),
  linearFrom('b', { weight: tf.tensor2d([2, 1, 0, -1, 1, 3], [3, 2]), bias: tf.tensor1d([1, 0, -1]) }),
];
const shares = [3, 1];
const of = (make: () => tf.Tensor): tf.TypedArray => tf.tidy(() => make().dataSync());

it('of logits is their weighted mean', () => {
  const head = ensemble(members(), { mean: 'logits', shares });
  const [a, b] = members();
  const expected = of(() => tf.add(tf.mul(a!.logits(rows), 0.75), tf.mul(b!.logits(rows), 0.25)));
  toBeCloseTo(
    of(() => head.logits(rows)),
    expected,
  );
  for (const one of [head, a!, b!]) one.dispose();
});

it('of probabilities has the weighted mean of theirs, and finite scores where they are 0 in float32', () => {
  const head = ensemble(members(), { shares });
  const [a, b] = members();
  const p = (one: Head) => tf.softmax(one.logits(rows));
  const expected = of(() => tf.add(tf.mul(p(a!), 0.75), tf.mul(p(b!), 0.25)));
  toBeCloseTo(
    of(() => p(head)),
    expected,
    { absolute: 1e-6 },
  );
  expect([...of(() => head.logits(rows))].every(Number.isFinite)).toBe(true);
  for (const one of [head, a!, b!]) one.dispose();
});

it('of one head predicts as it does', () => {
  const [one, other] = [members()[1]!, members()[1]!];
  const head = ensemble([one]);
  toBeCloseTo(
    of(() => tf.softmax(head.logits(rows))),
    of(() => tf.softmax(other.logits(rows))),
  );
  for (const each of [head, other]) each.dispose();
});

it('a class of which no head knows a row scores -Infinity; one that one head knows has a score', () => {
  const features = tf.tensor2d([3, 0, 0, 1], [2, 2]);
  const some = (labels: number[]) => ncm(features, labels, { numClasses: 4 });
  const head = ensemble([some([0, 1]), some([0, 2])]);
  const [scores] = tf.tidy(() => head.logits(rows).arraySync());
  expect(scores!.map(Number.isFinite)).toEqual([true, true, true, false]);
  expect(scores![3]).toBe(Number.NEGATIVE_INFINITY);
  head.dispose();
  features.dispose();
});

it('refuses none, heads of two sizes or one twice, and shares that are none; and frees its heads', () => {
  const before = tf.memory().numTensors;
  const head = linearHead({ featureDim: 2, numClasses: 3, seed: 0 });
  const other = linearHead({ featureDim: 2, numClasses: 4, seed: 0, name: 'wide' });
  expect(() => ensemble([])).toThrow('there is none');
  expect(() => ensemble([head, other])).toThrow('wide of 4 classes and 2 features');
  expect(() => ensemble([head, head])).toThrow('twice');
  expect(() => ensemble([head], { shares: [0] })).toThrow(InputError);
  expect(() => ensemble([head], { shares: [1, 1] })).toThrow('there are 2');
  other.dispose();
  ensemble([head]).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
