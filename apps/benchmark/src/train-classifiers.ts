/** Stage 2 (section 4): the five classifiers on one representation. */
import { classCounts } from '@longtail/core';
import {
  chooseTau,
  crt,
  type Head,
  type HeadSchedule,
  lws,
  ncm,
  sampledBatches,
  tauNorm,
} from '@longtail/heads';
import { evaluate } from '@longtail/metrics';
import { classAware, instanceBalanced } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { baselineHead } from './baseline-heads.ts';
import type { FeatureSets, Features } from './extract-features.ts';
import { expectFiniteEpoch } from './finite-loss.ts';
import type { Learned } from './head-features.ts';
import type { RecipeOptions } from './recipe-options.ts';

/** What is learned; the heads are the caller's to dispose. */
export interface TrainedClassifiers {
  /** NCM, cRT, tau-normalised, LWS, and a baseline's own. */
  readonly heads: readonly Head[];
  /** What was chosen on the selection split: `{ tau: { tau: 0.7 } }`. */
  readonly chosen: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Pictures that it was chosen on, and the mean accuracy of their classes at each of TAUS. */
  readonly selection: { readonly size: number; readonly scores: readonly number[] };
}

const rowsAt = ({ values, featureDim }: Features, indices: Int32Array): Float32Array => {
  const rows = new Float32Array(indices.length * featureDim);
  for (const [i, index] of indices.entries())
    rows.set(values.subarray(index * featureDim, (index + 1) * featureDim), i * featureDim);
  return rows;
};

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
 * @param options.learned what cRT and LWS learn from; default: the training features
 * @param options.onEpoch of the heads that are learned
 * @returns NCM, cRT, tau-normalised and LWS; no other tensor is left
 */
export async function trainClassifiers(
  joint: Head,
  { train, validation }: Pick<FeatureSets, 'train' | 'validation'>,
  {
    options,
    seed,
    schedule = 'epoch',
    learned,
    signal,
    onEpoch,
  }: {
    options: RecipeOptions;
    seed: number;
    schedule?: HeadSchedule | undefined;
    learned?: Pick<Learned, 'batches'> | undefined;
    signal: AbortSignal;
    onEpoch?: (classifier: string, epoch: number, loss: number) => void;
  },
): Promise<TrainedClassifiers> {
  const { numClasses, featureDim } = joint;
  const counts = classCounts(train.labels, { numClasses });
  const selection = validation ?? balancedSelection(train, { seed });
  const tensors = {
    train: tensorOf(train),
    selection: tensorOf(selection),
  };
  const heads: Head[] = [];
  const keep = (head: Head) => {
    heads.push(head);
    return head;
  };
  try {
    // As the official code samples for cRT and LWS.
    const sampler = classAware(train.labels, { seed });
    const { headBatchSize: batchSize } = options;
    const batches = learned?.batches ?? sampledBatches(tensors.train, train.labels, { sampler, batchSize });
    const learning = (name: string) => ({
      epochs: options.headEpochs,
      learningRate: options.headLearningRate,
      weightDecay: options.headWeightDecay,
      schedule,
      signal,
      onEpoch: (epoch: number, loss: number) => {
        expectFiniteEpoch(loss, { head: name, epoch });
        onEpoch?.(name, epoch, loss);
      },
    });
    const { tau, scores } = chooseTau(joint, tensors.selection, {
      scoreClasses: (classes) => evaluate(classes, selection.labels, counts).meanOfClasses,
    });
    keep(ncm(tensors.train, train.labels, { numClasses }));
    keep(await crt(batches, { featureDim, numClasses, seed, ...learning('crt') }));
    keep(tauNorm(joint, { tau }));
    keep(await lws(joint, batches, learning('lws')));
    const rows = sampledBatches(tensors.train, train.labels, {
      ...{ sampler: instanceBalanced(train.labels, { seed }), batchSize },
    });
    const own = { options, counts, balanced: batches, natural: rows, learning };
    const further = await baselineHead(joint, own);
    if (further) keep(further);
    return { heads, chosen: { tau: { tau } }, selection: { size: selection.labels.length, scores } };
  } catch (error) {
    for (const head of heads) head.dispose();
    throw error;
  } finally {
    tf.dispose(tensors);
  }
}
