import '@tensorflow/tfjs';
import { DataError, InputError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@longtail/formats';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adjustPrior,
  type Classifier,
  centre,
  classifier,
  cosineHead,
  decodeClassifier,
  disAlignFrom,
  encodeClassifier,
  type Head,
  l2,
  linearHead,
  lwsFrom,
  ncm,
  standardise,
  tdeFrom,
  transformed,
  tukey,
} from '../src/index.ts';

beforeAll(useTestBackend);

const rows = [
  [3, 0, 1],
  [2, 1, 0],
  [0, 4, 1],
  [1, 3, 2],
];
const features = tf.tensor2d(rows);
const counts = [90, 9, 1];
const sizes = { featureDim: 3, numClasses: 3, seed: 1 };

const HEADS: Readonly<Record<string, () => Head>> = {
  linear: () => linearHead(sizes),
  'linear without bias': () => linearHead({ ...sizes, bias: false }),
  cosine: () => cosineHead(sizes),
  'cosine of a scale': () => cosineHead({ ...sizes, scale: 25 }),
  normed: () => cosineHead({ ...sizes, scale: 10, features: 'raw' }),
  lws: () =>
    lwsFrom('lws', {
      weight: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]),
      bias: tf.tensor1d([1, 0, -1]),
      scale: tf.tensor1d([1, 2, 3]),
    }),
  'dis-align': () =>
    disAlignFrom('dis-align', {
      weight: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]),
      bias: tf.tensor1d([1, 0, -1]),
      logit_scale: tf.tensor1d([1, 2, 3]),
      logit_bias: tf.tensor1d([0.5, 0, 1]),
      'confidence_layer.weight': tf.tensor2d([0.1, -0.2, 0.3], [1, 3]),
      'confidence_layer.bias': tf.tensor1d([0.7]),
    }),
  tde: () =>
    tdeFrom(
      'tde',
      { weight: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]), mean: tf.tensor1d([1, 0.5, 2]) },
      { parts: 3, scale: 8, gamma: 0.1, alpha: 0.5 },
    ),
  ncm: () => ncm(features, [0, 0, 1, 2], { numClasses: 3 }),
  'ncm with an empty class': () =>
    ncm(features, [0, 0, 1, 1], { numClasses: 3, kind: 'un', distance: 'cosine' }),
};

const make = (head: Head, more: object = {}): Classifier =>
  classifier({
    head,
    classNames: ['cat', 'lynx', 'été'],
    counts,
    transform: [...centre(features), ...l2()],
    temperature: 2,
    prior: 'uniform',
    made: { seed: 1, tried: [0.1, 1] },
    ...more,
  });

const numbers = (tensor: tf.Tensor): number[] => {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
};

describe.each(Object.entries(HEADS))('a file of a %s head', (_, head) => {
  it.each([['uniform'], ['train'], [[5, 1, 1]]] as const)(
    'gives what was saved, with the prior %s',
    (prior) => {
      const before = tf.memory().numTensors;
      const made = make(head(), { prior });
      const read = decodeClassifier(encodeClassifier(made));
      expect(numbers(read.logits(features))).toEqual(numbers(made.logits(features)));
      expect([...(read.counts as Int32Array)]).toEqual(counts);
      const { classNames, temperature, made: how } = read;
      expect({ classNames, temperature, how }).toEqual({
        classNames: ['cat', 'lynx', 'été'],
        temperature: 2,
        how: { seed: 1, tried: [0.1, 1] },
      });
      read.dispose();
      made.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

describe('a classifier', () => {
  it('is softmax(z / T + shift), to another prior when asked', () => {
    const made = make(linearHead(sizes));
    const z = numbers(tf.tidy(() => made.head.logits(transformed(features, made.transform))));
    const shifted = (target: number[]) =>
      z.map((value, i) => value / 2 + Math.log(target[i % 3]!) - Math.log(counts[i % 3]! / 100));
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 5));
    expect(numbers(made.logits(features))).toEqual(close(shifted([1 / 3, 1 / 3, 1 / 3])));
    expect(numbers(made.logits(features, { prior: [0.5, 0.25, 0.25] }))).toEqual(
      close(shifted([0.5, 0.25, 0.25])),
    );
    const sums = numbers(tf.tidy(() => tf.sum(made.probabilities(features), 1)));
    expect(sums).toEqual(close([1, 1, 1, 1]));
    made.dispose();
  });

  it('refuses names, counts and features that do not fit', () => {
    const head = linearHead(sizes);
    expect(() => make(head, { classNames: ['a', 'a', 'b'] })).toThrow('2 different');
    expect(() => make(head, { counts: [1, 2] })).toThrow(InputError);
    expect(() => make(head, { temperature: 0 })).toThrow('temperature must be');
    const made = make(head);
    expect(() => made.logits(tf.zeros([2, 4]))).toThrow('fitted on features of 3 numbers, but they have 4');
    made.dispose();
  });
});

describe('a file that is not whole', () => {
  const bytes = encodeClassifier(make(ncm(features, [0, 0, 1, 2], { numClasses: 3 })));
  const { arrays, metadata: saved } = decodeSafetensors(bytes);
  const metadata = { longtail: saved.longtail! }; // without a checksum, as files of before
  const about = JSON.parse(metadata.longtail) as Record<string, unknown>;
  const withAbout = (change: object) =>
    encodeSafetensors(arrays, { longtail: JSON.stringify({ ...about, ...change }) });
  const without = (name: string) =>
    encodeSafetensors(new Map([...arrays].filter(([key]) => key !== name)), metadata);
  const changed = (name: string, data: NamedArray['data'], shape = [data.length]) =>
    encodeSafetensors(new Map<string, NamedArray>(arrays).set(name, { shape, data }), metadata);
  it.each([
    ['cut short', bytes.subarray(0, bytes.length - 5)],
    ['empty', new Uint8Array()],
    ['of something else', encodeSafetensors(arrays, {})],
    ['of broken JSON', encodeSafetensors(arrays, { longtail: '{"version"' })],
    ['of a later version', withAbout({ version: 3 })],
    ['whose adjusted head is none', withAbout({ form: { kind: 'adjusted', shift: 'bias', head: null } })],
    ['whose ensemble lists no heads', withAbout({ form: { kind: 'ensemble', mean: 'logits', heads: 3 } })],
    [
      'whose ensemble is of unknown kinds',
      withAbout({ form: { kind: 'ensemble', heads: [{ name: 'a', form: {} }] } }),
    ],
    ['with counts of another type', changed('counts', BigInt64Array.of(1n, 2n, 3n))],
    ['with weights of another type', changed('head.means', new Float64Array(9), [3, 3])],
    ['with a transform of another rank', changed('transform.0', new Float32Array(3), [1, 3])],
    ['with a step without its power', withAbout({ transform: [{ kind: 'tukey' }] })],
    ['without the vector scaling of its version', withAbout({ version: 2 })],
    ['of an unknown kind', withAbout({ form: { kind: 'toString' } })],
    ['with other names', withAbout({ classNames: ['a'] })],
    ['with an unknown step', withAbout({ transform: [{ kind: 'wavelet' }] })],
    ['with a temperature of null', withAbout({ temperature: null })],
    ['without means', without('head.means')],
    ['without counts', without('counts')],
    ['without a transform', without('transform.0')],
  ])('%s is refused, and nothing is left', (_, file) => {
    const before = tf.memory().numTensors;
    expect(() => decodeClassifier(file, { source: 'head.safetensors' })).toThrow(DataError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is refused whichever bit of a number, or of what is said of it, is another', () => {
    const data = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    for (let at = data; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      expect(() => decodeClassifier(flipped), `byte ${at}`).toThrow(DataError);
    }
    const warmer = { longtail: JSON.stringify({ ...about, temperature: 3 }), checksum: saved.checksum! };
    expect(() => decodeClassifier(encodeSafetensors(arrays, warmer), { source: 'head.safetensors' })).toThrow(
      'expected the classifier that was saved in head.safetensors, but its checksum is another; fetch or save it again.',
    );
  });

  it('is read whatever order its tensors are in, and without a checksum', () => {
    for (const said of [saved, metadata]) {
      const read = decodeClassifier(encodeSafetensors(new Map([...arrays].reverse()), said));
      expect(read.classNames).toEqual(['cat', 'lynx', 'été']);
      read.dispose();
    }
  });

  it('keeps the shift of a head whose prior was moved', () => {
    const made = make(adjustPrior(cosineHead(sizes), { counts }));
    const read = decodeClassifier(encodeClassifier(made));
    expect(numbers(read.logits(features))).toEqual(numbers(made.logits(features)));
    expect(read.head.name).toBe('cosine, adjusted');
    for (const one of [made, read]) one.dispose();
  });

  it('refuses to write a head of no known kind', () => {
    const head = linearHead(sizes);
    const { isLinear: _, ...own } = head;
    expect(() => encodeClassifier(make({ ...own, name: 'mine' }))).toThrow('mine is of none that it names');
    head.dispose();
  });
});

describe('transforms', () => {
  const of = (transform: Parameters<typeof transformed>[1]) => numbers(transformed(features, transform));
  it('do what they say', () => {
    expect(of([...centre(features), ...l2()]).slice(0, 3)).toEqual(
      [1.5, -2, 0].map((value) => expect.closeTo(value / 2.5, 6)),
    );
    expect(of(tukey()).slice(0, 3)).toEqual([Math.sqrt(3), 0, 1].map((value) => expect.closeTo(value, 6)));
    const columns = [0, 1, 2].map((d) => of(standardise(features)).filter((_, i) => i % 3 === d));
    for (const column of columns) {
      expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
      expect(column.reduce((a, b) => a + b * b, 0) / 4).toBeCloseTo(1, 5);
    }
  });

  it('keep rows and columns of zeros, and signs', () => {
    const constant = tf.tensor2d([[1e6, 0], [1e6, 0]]); // biome-ignore format: two rows
    expect(numbers(transformed(constant, standardise(constant)))).toEqual([0, 0, 0, 0]);
    expect(numbers(transformed(tf.tensor2d([[0, 0], [-4, 9]]), [...tukey(), ...l2()]))).toEqual(
      [0, 0, -2 / Math.sqrt(13), 3 / Math.sqrt(13)].map((value) => expect.closeTo(value, 6)),
    ); // biome-ignore format: two rows
  });
});
