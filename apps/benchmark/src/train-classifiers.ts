/** Stage 2 (section 4): the five classifiers on one representation, and the class each gives to every test picture. */
import { classCounts } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { chooseTau, crt, type FeatureBatches, type Head, lws, ncm, TAUS, tauNorm } from '@longtail/heads';
import { argmax, evaluate } from '@longtail/metrics';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureSets, Features } from './extract-features.ts';
import type { RecipeOptions } from './recipe.ts';

/** What the stage leaves: plain arrays, by name. */
export interface Classified {
  /** `crt.weight`, `crt.bias`, `ncm.means`, ... */
  readonly weights: ReadonlyMap<string, NamedArray>;
  /** `labels`, `joint`, `ncm`, `crt`, `tau`, `lws`, and `tau=0.5` for each tau of the sweep; each of shape [N]. */
  readonly predictions: ReadonlyMap<string, NamedArray>;
  /** What was chosen on the selection split: `{ tau: { tau: 0.7 } }`. */
  readonly chosen: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const rowsAt = ({ values, featureDim }: Features, indices: Int32Array): Float32Array => {
  const rows = new Float32Array(indices.length * featureDim);
  for (const [i, index] of indices.entries())
    rows.set(values.subarray(index * featureDim, (index + 1) * featureDim), i * featureDim);
  return rows;
};

/** Class-balanced batches of cached features, as the official code samples for cRT and LWS. */
function balancedBatches(
  train: Features,
  { batchSize, seed }: { batchSize: number; seed: number },
): FeatureBatches {
  const sampler = classAware(train.labels, { seed });
  const size = Math.min(batchSize, sampler.length);
  return function* (epoch) {
    const indices = sampler.indices(epoch);
    for (let start = 0; start + size <= indices.length; start += size) {
      const own = indices.subarray(start, start + size);
      yield {
        features: tf.tensor2d(rowsAt(train, own), [size, train.featureDim]),
        labels: tf.tensor1d(
          own.map((index) => train.labels[index]!),
          'int32',
        ),
      };
    }
  };
}

/** Training features drawn class by class: what tau is chosen on where there is no validation set. */
function balancedSelection(train: Features, { seed }: { seed: number }): Features {
  const indices = classAware(train.labels, { seed }).indices(0);
  const labels = indices.map((index) => train.labels[index]!);
  return { values: rowsAt(train, indices), featureDim: train.featureDim, labels };
}

const tensorOf = ({ values, featureDim }: Features): tf.Tensor2D =>
  tf.tensor2d(values, [values.length / featureDim, featureDim]);

/**
 * @param joint the linear head of stage 1
 * @param options.onEpoch of the heads that are learned
 * @returns joint, NCM, cRT, tau-normalised and LWS; no tensor is left
 */
export async function trainClassifiers(
  joint: Head,
  { train, validation, test }: FeatureSets,
  {
    options,
    seed,
    signal,
    onEpoch,
  }: {
    options: RecipeOptions;
    seed: number;
    signal: AbortSignal;
    onEpoch?: (classifier: string, epoch: number, loss: number) => void;
  },
): Promise<Classified> {
  const { numClasses, featureDim } = joint;
  const counts = classCounts(train.labels, { numClasses });
  const selection = validation ?? balancedSelection(train, { seed });
  const tensors = { train: tensorOf(train), selection: tensorOf(selection), test: tensorOf(test) };
  const heads: Head[] = [];
  const keep = (head: Head) => {
    heads.push(head);
    return head;
  };
  const classes = (logits: tf.Tensor2D) => argmax(logits.dataSync(), { numClasses });
  const predict = (head: Head): NamedArray => {
    const logits = head.logits(tensors.test);
    const data = classes(logits);
    logits.dispose();
    return { shape: [data.length], data };
  };
  try {
    const batches = balancedBatches(train, { batchSize: options.headBatchSize, seed });
    const learning = (name: string) => ({
      epochs: options.headEpochs,
      learningRate: options.headLearningRate,
      signal,
      onEpoch: (epoch: number, loss: number) => onEpoch?.(name, epoch, loss),
    });
    const { tau } = chooseTau(joint, tensors.selection, {
      score: (logits) => evaluate(classes(logits), selection.labels, counts).meanOfClasses,
    });
    keep(ncm(tensors.train, train.labels, { numClasses }));
    keep(await crt(batches, { featureDim, numClasses, seed, ...learning('crt') }));
    keep(tauNorm(joint, { tau }));
    keep(await lws(joint, batches, learning('lws')));
    const weights = [joint, ...heads].flatMap((head) =>
      [...head.weights].map(([name, variable]): [string, NamedArray] => [
        `${head.name}.${name}`,
        { shape: variable.shape, data: variable.dataSync<'float32'>() as Float32Array },
      ]),
    );
    const predictions = [joint, ...heads].map((head): [string, NamedArray] => [head.name, predict(head)]);
    const sweep = TAUS.map((at): [string, NamedArray] => [
      `tau=${at}`,
      predict(keep(tauNorm(joint, { tau: at }))),
    ]);
    const labels: NamedArray = { shape: [test.labels.length], data: test.labels };
    return {
      weights: new Map(weights),
      predictions: new Map([['labels', labels], ...predictions, ...sweep]),
      chosen: { tau: { tau } },
    };
  } finally {
    for (const head of heads) head.dispose();
    tf.dispose(tensors);
  }
}
