import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cosineHead,
  crt,
  type FeatureBatch,
  linearFrom,
  linearHead,
  lws,
  ncm,
  tauNorm,
  trainHead,
} from '../src/index.ts';
import { describeHead, type Sample } from '../src/testing.ts';

beforeAll(useTestBackend);

const trained = ({ batches }: Sample) => crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });

describeHead('crt', trained);
describeHead('cosine', async ({ batches }) => {
  const head = cosineHead({ featureDim: 4, numClasses: 3, seed: 0 });
  await trainHead(head, batches, { epochs: 20 });
  return head;
});
describeHead('ncm', ({ features, labels, numClasses }) => ncm(features, labels, { numClasses }));
describeHead('tau', async (sample) => {
  const joint = await trained(sample);
  const head = tauNorm(joint, { tau: 0.5 });
  joint.dispose();
  return head;
});
describeHead('lws', async (sample) => {
  const joint = await trained(sample);
  const head = await lws(joint, sample.batches);
  joint.dispose();
  return head;
});

const weight = () =>
  tf.tensor2d([
    [3, 4],
    [0, 2],
  ]);
const bias = () => tf.tensor1d([1, -1]);
const x = () => tf.tensor2d([[1, 1]]);

describe('what each head computes', () => {
  it('cosine: of the angle alone, started with weights of norm 1, and 0 for features of zeros', () => {
    const head = cosineHead({ featureDim: 2, numClasses: 3, seed: 1 });
    const w = (head.weights.get('weight') as tf.Variable).arraySync() as number[][];
    for (const row of w) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    const logits = head.logits(tf.tensor2d([[6, 8], [0, 0]])).arraySync(); // biome-ignore format: two rows
    w.forEach((row, c) => expect(logits[0]![c]).toBeCloseTo(0.6 * row[0]! + 0.8 * row[1]!, 5));
    expect(logits[1]).toEqual([0, 0, 0]);
    head.dispose();
    expect(() => cosineHead({ featureDim: 0, numClasses: 3, seed: 1 })).toThrow(InputError);
  });

  it('linear: W f + b, started uniform in +-1/sqrt(D)', () => {
    expect([...linearFrom('joint', { weight: weight(), bias: bias() }).logits(x()).dataSync()]).toEqual([
      8, 1,
    ]);
    const values = linearHead({ featureDim: 100, numClasses: 50, seed: 1 }).weights.get('weight')!.dataSync();
    expect(Math.max(...values)).toBeLessThan(0.1);
    expect(Math.max(...values)).toBeGreaterThan(0.099);
    expect(Math.min(...values)).toBeLessThan(-0.099);
  });

  it('tau = 0 keeps the weights, tau = 1 makes their norms 1; the bias is dropped, zeroed or kept', () => {
    const joint = linearFrom('joint', { weight: weight(), bias: bias() });
    expect([...tauNorm(joint, { tau: 0 }).logits(x()).dataSync()]).toEqual([7, 2]);
    expect([...tauNorm(joint, { tau: 1 }).weights.get('weight')!.dataSync()]).toEqual([
      expect.closeTo(0.6),
      expect.closeTo(0.8),
      0,
      1,
    ]);
    expect([...tauNorm(joint, { tau: 0, bias: 'zero' }).weights.get('bias')!.dataSync()]).toEqual([0, 0]);
    expect([...tauNorm(joint, { tau: 0, bias: 'keep' }).logits(x()).dataSync()]).toEqual([8, 1]);
  });

  it('lws starts as the joint head and learns nothing but its scales', async () => {
    const joint = linearFrom('joint', { weight: weight(), bias: bias() });
    const batch = (): FeatureBatch => ({ features: x(), labels: tf.tensor1d([1], 'int32') });
    const untrained = await lws(joint, () => [batch()], { epochs: 1, learningRate: 0 });
    expect([...untrained.logits(x()).dataSync()]).toEqual([8, 1]);
    const head = await lws(joint, () => [batch()], { epochs: 3, learningRate: 0.1 });
    expect(head.weights.get('weight')!.dataSync()).toEqual(weight().dataSync());
    const [first, second] = head.weights.get('scale')!.dataSync();
    expect(first).toBeLessThan(1);
    expect(second).toBeGreaterThan(1);
  });
});

describe('a class without features', () => {
  it.each([
    ['un', 'l2'],
    ['l2n', 'cosine'],
    ['cl2n', 'l2'],
  ] as const)('scores -Infinity by NCM, and changes no other score: %s, %s', (kind, distance) => {
    const features = tf.tensor2d([3, 0, 0, 1], [2, 2]);
    const query = tf.tensor2d([1, 2], [1, 2]);
    const of = (labels: number[], numClasses: number) => {
      const head = ncm(features, labels, { numClasses, kind, distance });
      const logits = [...tf.tidy(() => head.logits(query).dataSync())];
      head.dispose();
      return logits;
    };
    const before = tf.memory().numTensors;
    expect(of([2, 1], 3)).toEqual([Number.NEGATIVE_INFINITY, ...of([1, 0], 2)]);
    expect(of([2, 1], 4).at(-1)).toBe(Number.NEGATIVE_INFINITY);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('bad input and interruption', () => {
  it('names sizes that do not fit', () => {
    expect(() => ncm(tf.zeros([2, 3]), [0], { numClasses: 1 })).toThrow(InputError);
    expect(() => linearHead({ featureDim: 0, numClasses: 2, seed: 0 })).toThrow(
      'featureDim must be an integer >= 1, but it is 0.',
    );
  });

  it('frees everything when a batch throws or the signal is aborted', async () => {
    const before = tf.memory().numTensors;
    const options = { featureDim: 2, numClasses: 2, seed: 0 };
    function* broken(): Generator<FeatureBatch> {
      yield { features: x(), labels: tf.tensor1d([1], 'int32') };
      throw new Error('the disk is gone');
    }
    await expect(crt(broken, options)).rejects.toThrow('the disk is gone');
    await expect(
      crt(broken, { ...options, signal: AbortSignal.abort(new Error('stopped')) }),
    ).rejects.toThrow('stopped');
    expect(tf.memory().numTensors).toBe(before);
  });
});
