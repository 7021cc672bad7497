/** Stage 2 (section 4): the five classifiers on one representation, and their scores on the test set. */
import { classCounts } from '@longtail/core';
import { chooseTau, crt, type FeatureBatches, type Head, lws, ncm, TAUS, tauNorm } from '@longtail/heads';
import { argmax, evaluate, type Scores } from '@longtail/metrics';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import type { Features } from './extract-features.ts';
import type { RecipeOptions } from './recipe.ts';
import type { Row, TauCurve, WeightNorms } from './results.ts';

export interface ClassifierInput {
  readonly sampler: string;
  readonly joint: Head;
  readonly train: Features;
  /** What tau is chosen on. */
  readonly selection: Features;
  readonly test: Features;
}

/** Class-balanced batches of cached features, as the official code samples for cRT and LWS. */
function balancedBatches(
  { values, featureDim, labels }: Features,
  { batchSize, seed }: { batchSize: number; seed: number },
): FeatureBatches {
  const sampler = classAware(labels, { seed });
  const size = Math.min(batchSize, sampler.length);
  return function* (epoch) {
    const indices = sampler.indices(epoch);
    for (let start = 0; start + size <= indices.length; start += size) {
      const rows = new Float32Array(size * featureDim);
      const own = indices.subarray(start, start + size);
      own.forEach((index, i) =>
        rows.set(values.subarray(index * featureDim, (index + 1) * featureDim), i * featureDim),
      );
      yield {
        features: tf.tensor2d(rows, [size, featureDim]),
        labels: tf.tensor1d(
          own.map((index) => labels[index]!),
          'int32',
        ),
      };
    }
  };
}

const rowsOf = ({ values, featureDim }: Features): tf.Tensor2D =>
  tf.tensor2d(values, [values.length / featureDim, featureDim]);

function scoresOf(logits: tf.Tensor2D, labels: Int32Array, trainCounts: Int32Array): Scores {
  return evaluate(argmax(logits.dataSync(), { numClasses: trainCounts.length }), labels, trainCounts);
}

function normsOf(head: Head): number[] {
  return Array.from(
    tf.tidy(() => {
      const scale = head.weights.get('scale');
      const norms = tf.norm(head.weights.get('weight')!, 2, 1);
      return (scale ? tf.mul(norms, tf.abs(scale)) : norms).dataSync();
    }),
  );
}

/** Trains, chooses and scores the five; nothing of them is kept but numbers. */
export async function trainClassifiers(
  { sampler, joint, train, selection, test }: ClassifierInput,
  { options, seed, signal }: { options: RecipeOptions; seed: number; signal: AbortSignal },
): Promise<{ rows: Row[]; tauCurve: TauCurve; weightNorms: WeightNorms[] }> {
  const { numClasses, featureDim } = joint;
  const counts = classCounts(train.labels, { numClasses });
  const tensors = { train: rowsOf(train), selection: rowsOf(selection), test: rowsOf(test) };
  const heads: Head[] = [];
  try {
    const balanced = balancedBatches(train, { batchSize: options.headBatchSize, seed });
    const learning = { epochs: options.headEpochs, learningRate: options.headLearningRate, signal };
    const { tau } = chooseTau(joint, tensors.selection, {
      score: (logits) => scoresOf(logits, selection.labels, counts).meanOfClasses,
    });
    heads.push(
      ncm(tensors.train, train.labels, { numClasses }),
      await crt(balanced, { featureDim, numClasses, seed, ...learning }),
      tauNorm(joint, { tau }),
      await lws(joint, balanced, learning),
    );
    const score = (head: Head) =>
      tf.tidy(() => scoresOf(head.logits(tensors.test), test.labels, counts) as never) as Scores;
    const rows = [joint, ...heads].map(
      (head): Row => ({
        sampler,
        classifier: head.name,
        chosen: head.name === 'tau' ? { tau } : {},
        scores: score(head),
      }),
    );
    const points = TAUS.map((at) => {
      const head = tauNorm(joint, { tau: at });
      heads.push(head);
      return { tau: at, scores: score(head) };
    });
    const weightNorms = [joint, ...heads.slice(0, 4)]
      .filter((head) => head.weights.has('weight'))
      .map((head) => ({ sampler, classifier: head.name, norms: normsOf(head) }));
    return { rows, tauCurve: { sampler, points }, weightNorms };
  } finally {
    for (const head of heads) head.dispose();
    tf.dispose(tensors);
  }
}
