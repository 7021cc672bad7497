/** Stage 2 (section 4): the five classifiers on one representation, and the class each gives to every test picture. */
import { classCounts } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import {
  chooseTau,
  classesByTau,
  crt,
  type Head,
  type HeadSchedule,
  lws,
  ncm,
  sampledBatches,
  TAUS,
  tauNorm,
} from '@longtail/heads';
import { evaluate } from '@longtail/metrics';
import { classAware, instanceBalanced } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { answersOf, weightsOf } from './answers.ts';
import { baselineHead } from './baseline-heads.ts';
import type { FeatureSets, Features } from './extract-features.ts';
import { expectFiniteEpoch } from './finite-loss.ts';
import type { Learned } from './head-features.ts';
import type { RecipeOptions } from './recipe-options.ts';

/** What the stage leaves: plain arrays, by name. */
export interface Classified {
  /** `crt.weight`, `crt.bias`, `ncm.means`, ... */
  readonly weights: ReadonlyMap<string, NamedArray>;
  /**
   * `labels`, `joint`, `ncm`, `crt`, `tau`, `lws`, and `tau=0.5` for each tau of the sweep; `joint.confidence`, the probability of what is
   * predicted, of each linear head; all of shape [N].
   */
  readonly predictions: ReadonlyMap<string, NamedArray>;
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
 * @param options.learned what cRT and LWS learn from, and see of the test; default: the training features, and the test's
 * @param options.onEpoch of the heads that are learned
 * @returns joint, NCM, cRT, tau-normalised and LWS; no tensor is left
 */
export async function trainClassifiers(
  joint: Head,
  { train, validation, test }: FeatureSets,
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
    learned?: Pick<Learned, 'batches' | 'test'> | undefined;
    signal: AbortSignal;
    onEpoch?: (classifier: string, epoch: number, loss: number) => void;
  },
): Promise<Classified> {
  const { numClasses, featureDim } = joint;
  const counts = classCounts(train.labels, { numClasses });
  const selection = validation ?? balancedSelection(train, { seed });
  const tensors = {
    train: tensorOf(train),
    selection: tensorOf(selection),
    test: tensorOf(test),
    ...(learned?.test && { moved: tensorOf(learned.test) }),
  };
  const heads: Head[] = [];
  const keep = (head: Head) => {
    heads.push(head);
    return head;
  };
  const predict = (head: Head) => {
    const isLearned = ['crt', 'lws', 'mislas'].includes(head.name);
    const features = (isLearned && tensors.moved) || tensors.test;
    return answersOf(head, features, { name: head.name, hasLogits: head.name !== 'ncm' }); // distances
  };
  const listed = (data: Int32Array): NamedArray => ({ shape: [data.length], data });
  try {
    // As the official code samples for cRT and LWS.
    const sampler = classAware(train.labels, { seed });
    const { headBatchSize: batchSize } = options;
    const batches = learned?.batches ?? sampledBatches(tensors.train, train.labels, { sampler, batchSize });
    const learning = (name: string) => ({
      epochs: options.headEpochs,
      learningRate: options.headLearningRate,
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
    const weights = [joint, ...heads].flatMap((head) => weightsOf(head, head.name));
    const predictions = [joint, ...heads].flatMap(predict);
    const sweep = classesByTau(joint, tensors.test).map((data, i): [string, NamedArray] => [
      `tau=${TAUS[i]}`,
      listed(data),
    ]);
    const labels: NamedArray = { shape: [test.labels.length], data: test.labels };
    return {
      weights: new Map(weights),
      predictions: new Map([['labels', labels], ...predictions, ...sweep]),
      chosen: { tau: { tau } },
      selection: { size: selection.labels.length, scores },
    };
  } finally {
    for (const head of heads) head.dispose();
    tf.dispose(tensors);
  }
}
