import { InputError, LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import '@tensorflow/tfjs';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import * as heads from '../src/index.ts';

beforeAll(useTestBackend);

const features = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
const labels = [0, 1, 2];
const sizes = { featureDim: 2, numClasses: 3, seed: 0 };
const joint = heads.linearHead(sizes);
const batches = (epoch: number) => {
  if (epoch > 1) throw new InputError('as many epochs as were asked for are too many for a test.');
  return [{ features: tf.clone(features), labels: tf.tensor1d(labels, 'int32') }];
};
const training = {
  epochs: 1,
  learningRate: 0.1,
  schedule: 'official',
  momentum: 0.9,
  weightDecay: 1e-4,
  loss: (z: tf.Tensor2D) => tf.mean(z),
  signal: undefined,
  onEpoch: () => {},
  afterStep: () => {},
};

const { loss: _, ...withoutLoss } = training;

/** The logits of a head, whatever it takes to have it. */
const logits =
  (make: (...given: never[]) => heads.Head | Promise<heads.Head>) =>
  async (...given: never[]): Promise<unknown> => {
    const head = await make(...given);
    try {
      return tf.tidy(() => head.logits(features).dataSync());
    } finally {
      head.dispose();
    }
  };

/** What takes tensors over is given copies. */
const copied = <T extends object>(tensors: T): T =>
  tensors && typeof tensors === 'object' && !Array.isArray(tensors)
    ? (Object.fromEntries(
        Object.entries(tensors).map(([key, value]) => [
          key,
          value instanceof tf.Tensor ? tf.clone(value) : value,
        ]),
      ) as T)
    : tensors;
const probabilities = tf.tensor2d([0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.1, 0.8], [3, 3]);
const saved = heads.encodeClassifier(heads.classifier({ head: joint, counts: [3, 2, 1] }));

testArguments(
  {
    cosineHead: [logits(heads.cosineHead), { ...sizes, name: 'a', scale: 10, features: 'raw' }],
    linearHead: [logits(heads.linearHead), { ...sizes, name: 'a', bias: true }],
    linearFrom: [
      logits((name: string, tensors: { weight: tf.Tensor2D }, options: object) =>
        heads.linearFrom(name, copied(tensors), options),
      ),
      'a',
      { weight: tf.ones([3, 2]), bias: undefined },
      { trainable: false },
    ],
    unitRows: [(rows: tf.Tensor2D) => tf.tidy(() => heads.unitRows(rows).dataSync()), features],
    ncm: [logits(heads.ncm), features, labels, { numClasses: 3, kind: 'l2n', distance: 'l2' }],
    knn: [logits(heads.knn), features, labels, { numClasses: 3, k: 2, distance: 'l2', power: 0.5, chunk: 2 }],
    lda: [
      logits(heads.lda),
      features,
      [0, 0, 1],
      { numClasses: 2, shrinkage: 0.5, covariance: 'pooled', prior: [1, 2] },
    ],
    principalComponents: [
      (rows: tf.Tensor2D, options: { components: number }) =>
        tf.tidy(() =>
          Object.values(heads.principalComponents(rows, options)).map((found) => found.dataSync()),
        ),
      features,
      { components: 2 },
    ],
    ranpac: [
      // ten thousand neurons, where the width is left out, are too many for a test
      logits((rows, classes, options: object) =>
        heads.ranpac(rows, classes, { ...options, width: 4 } as never),
      ),
      tf.tensor2d([1, 0, 0, 1, 1, 1, 0, 0, 2, 1], [5, 2]),
      [0, 1, 2, 0, 1],
      { numClasses: 3, seed: 0, alpha: 'held-out', classWeight: 'none', chunk: 2 },
    ],
    ridge: [logits(heads.ridge), features, labels, { numClasses: 3, alpha: 1, classWeight: 'balanced' }],
    tauNorm: [logits(heads.tauNorm), joint, { tau: 0.5, bias: 'keep' }],
    chooseTau: [heads.chooseTau, joint, features, { taus: [0, 1], bias: 'drop', score: () => 1 }],
    classesByTau: [heads.classesByTau, joint, features, { taus: [0, 1], bias: 'drop' }],
    sampledBatches: [
      (rows: tf.Tensor2D, classes: number[], options: heads.SamplingOptions) => {
        for (const batch of heads.sampledBatches(rows, classes, options)(0))
          tf.dispose([batch.features, batch.labels]);
      },
      features,
      labels,
      { sampler: { indices: () => [0, 1] }, batchSize: 2 },
    ],
    adjustPrior: [
      logits((options: never) => heads.adjustPrior(heads.linearHead(sizes), options)),
      { counts: [3, 2, 1], target: [1, 1, 2], tau: 0.5 },
    ],
    priorShift: [heads.priorShift, [3, 2, 1], 'uniform'],
    classifier: [
      logits((parts: object) => heads.classifier({ ...parts, head: heads.linearHead(sizes) } as never).head),
      {
        classNames: ['a', 'b', 'c'],
        counts: [3, 2, 1],
        transform: heads.l2(),
        temperature: 2,
        scaling: { scale: Float32Array.of(1, 2, 3), offset: new Float32Array(3) },
        prior: 'uniform',
        made: {},
      },
    ],
    transformed: [
      (x: tf.Tensor2D, transform: heads.FeatureTransform) =>
        tf.tidy(() => heads.transformed(x, transform).dataSync()),
      features,
      [...heads.centre(features), ...heads.tukey({ power: 0.5 })],
    ],
    centre: [heads.centre, features],
    standardise: [heads.standardise, features],
    pca: [heads.pca, features, { components: 2, whiten: true }],
    tukey: [heads.tukey, { power: 0.5 }],
    fitTemperature: [heads.fitTemperature, features, [0, 1, 1], { tolerance: 0.1 }],
    fitVectorScaling: [
      heads.fitVectorScaling,
      features,
      [0, 1, 1],
      { penalty: 0.1, tolerance: 0.1, maxIterations: 3, signal: undefined },
    ],
    logisticRegression: [
      logits(heads.logisticRegression),
      features,
      labels,
      {
        numClasses: 3,
        C: 1,
        classWeight: 'balanced',
        tolerance: 1e-2,
        maxIterations: 3,
        chunk: 2,
        signal: undefined,
        onIteration: () => {},
      },
    ],
    cosineFrom: [
      logits((name: string, tensors: { weight: tf.Tensor2D }, options: object) =>
        heads.cosineFrom(name, copied(tensors), options),
      ),
      'a',
      { weight: tf.ones([3, 2]) },
      { trainable: false },
    ],
    lwsFrom: [
      logits((name: string, tensors: { weight: tf.Tensor2D; scale: tf.Tensor1D }, options: object) =>
        heads.lwsFrom(name, copied(tensors), options),
      ),
      'a',
      { weight: tf.ones([3, 2]), scale: tf.ones([3]), bias: undefined },
      { trainable: false },
    ],
    ncmFrom: [
      logits((name: string, tensors: { centre: tf.Tensor1D; means: tf.Tensor2D }, options: object) =>
        heads.ncmFrom(name, copied(tensors), options),
      ),
      'a',
      { centre: tf.zeros([2]), means: tf.ones([3, 2]), bias: undefined },
      { kind: 'un', distance: 'cosine' },
    ],
    knnFrom: [
      logits((name: string, tensors: object, options: object) =>
        heads.knnFrom(name, copied(tensors) as heads.KnnTensors, options),
      ),
      'a',
      {
        rows: tf.ones([3, 2]),
        classes: tf.tensor1d([0, 1, 2], 'int32'),
        votes: tf.ones([3]),
        bias: tf.zeros([3]),
      },
      { k: 2, distance: 'l2', chunk: 2 },
    ],
    ranpacFrom: [
      logits((name: string, tensors: object, options: object) =>
        heads.ranpacFrom(name, copied(tensors) as heads.RanpacTensors, options),
      ),
      'a',
      { projection: tf.ones([2, 4]), weight: tf.ones([3, 4]), bias: tf.zeros([3]) },
      { chunk: 2 },
    ],
    fecamFrom: [
      logits((name: string, tensors: object, options: object) =>
        heads.fecamFrom(name, copied(tensors) as heads.FecamTensors, options),
      ),
      'a',
      { means: tf.ones([3, 2]), precision: tf.ones([3, 2, 2]), bias: tf.zeros([3]) },
      { tukey: 1 },
    ],
    ensemble: [
      logits((options: object) =>
        heads.ensemble([heads.linearHead(sizes), heads.ncm(features, labels, { numClasses: 3 })], options),
      ),
      { mean: 'logits', shares: [1, 2], name: 'a' },
    ],
    'ensemble of heads': [
      (members: readonly heads.Head[]) => {
        const head = heads.ensemble(members);
        return tf.tidy(() => head.logits(features).dataSync());
      },
      [joint],
    ],
    modelCard: [
      (options: heads.CardOptions) => heads.modelCard(heads.decodeClassifier(saved), options),
      {
        name: 'a',
        license: 'mit',
        description: 'b',
        tags: ['c'],
        task: 'd',
        dataset: { name: 'e', type: 'f', split: 'g' },
        scores: [{ type: 'accuracy', name: 'h', value: 0.5 }],
        file: 'i.safetensors',
      },
    ],
    decodeClassifier: [(file: Uint8Array) => heads.decodeClassifier(file).classNames, saved],
    conformal: [
      heads.conformal,
      probabilities,
      labels,
      { alpha: 0.1, score: 'pas', threshold: 'clustered', mix: 0.5, counts: [3, 2, 1], seed: 0 },
    ],
    estimatePrior: [
      heads.estimatePrior,
      probabilities,
      [3, 2, 1],
      { resamples: 2, seed: 0, tolerance: 1e-3, maxIterations: 9 },
    ],
    estimatePriorByConfusion: [
      heads.estimatePriorByConfusion,
      probabilities,
      { probabilities, labels },
      { resamples: 2, seed: 0 },
    ],
    crt: [logits(heads.crt), batches, { ...sizes, ...training }],
    lws: [logits(heads.lws), joint, batches, { ...training, headRate: 0.1 }],
    gclStage2: [logits(heads.gclStage2), heads.cosineHead(sizes), batches, { ...training, scale: 20 }],
    mislas: [logits(heads.mislas), joint, batches, { ...training, headRate: 0.1 }],
    marc: [logits(heads.marc), joint, batches, training],
    disAlign: [logits(heads.disAlign), joint, batches, training],
    labelOverSmooth: [logits(heads.labelOverSmooth), joint, batches, { ...withoutLoss, smoothing: 0.9 }],
    tauExperts: [
      logits(heads.tauExperts),
      joint,
      batches,
      { ...withoutLoss, taus: [0, 1], lossAt: () => training.loss },
    ],
    tailCalib: [
      (...given: Parameters<typeof heads.tailCalib>) => {
        const filled = heads.tailCalib(...given);
        return [...filled.features.dataSync()];
      },
      features,
      labels,
      { numClasses: 3, seed: 0, neighbours: 2, power: 0.9, alpha: 0.1, perClass: 3 },
    ],
    tde: [
      logits(heads.tde),
      joint,
      batches,
      { ...training, parts: 1, scale: 8, gamma: 0.1, alpha: 1, mu: 0.9 },
    ],
    maxNorm: [logits(heads.maxNorm), joint, batches, { ...training, radius: 1, share: 0.1, project: 'step' }],
    trainHead: [heads.trainHead, joint, batches, { ...training, rates: { weight: 0.1 } }],
  },
  {
    isTyped: (error) => error instanceof LongtailError,
    wrong: [tf.scalar(1), tf.zeros([3]), tf.zeros([2, 2, 1]), () => [], () => Number.NaN],
  },
);
