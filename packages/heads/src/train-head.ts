/** Stage 2's loop, shared by cRT and LWS: SGD with momentum on features, cosine rate per epoch. */
import { checkFunctions, checkLists, checkObjects, checkOptions, InputError, shown } from '@longtail/core';
import { checkClasses, checkTensors, softCrossEntropy, sparseCrossEntropy } from '@longtail/kernels';
import { sgd, type Trained, turn } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { checkHead, type FeatureBatch, type FeatureBatches, type Head } from './head.ts';
import { type HeadSchedule, rateOf } from './head-schedule.ts';
import { checkFinite } from './training-set.ts';

/**
 * The mean loss of a batch, as `@longtail/losses` has them: `step` counts from 0 through all epochs. Soft targets of a batch come in
 * the labels' place.
 */
export type HeadLoss = (
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: { epoch: number; step: number; features: tf.Tensor2D },
) => tf.Scalar;

export interface TrainHeadOptions {
  /** Default: 10; of `lws` 5. */
  readonly epochs?: number;
  /** Default: the official 0.2, for a batch of 512; scale it with the batch. */
  readonly learningRate?: number;
  /** Default: 'epoch', a cosine from the full rate on. */
  readonly schedule?: HeadSchedule;
  /** Default: 0.9. */
  readonly momentum?: number;
  /** Default: 5e-4. */
  readonly weightDecay?: number;
  /** Multiplies the rate of some of the trainable weights, by their names, such as `{ weight: 0.05 }`. Default: 1. */
  readonly rates?: Readonly<Record<string, number>> | undefined;
  /** Default: mean cross-entropy. Any of `@longtail/losses` fits. */
  readonly loss?: HeadLoss;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: (epoch: number, meanLoss: number) => void;
  /** Called when the weights have moved, to project them, for instance. */
  readonly afterStep?: () => void;
}

export const crossEntropy = (logits: tf.Tensor2D, labels: tf.Tensor1D | tf.Tensor2D): tf.Scalar =>
  tf.mean(
    labels.rank === 2
      ? softCrossEntropy(logits, labels as tf.Tensor2D)
      : sparseCrossEntropy(logits, labels as tf.Tensor1D),
  ) as tf.Scalar;

function logitsOf(head: Head, features: tf.Tensor2D): tf.Tensor2D {
  const logits = head.logits(features);
  checkTensors({ [`the logits of ${head.name}`]: logits }, { rank: 2 });
  return logits;
}

function batchesOf(batches: FeatureBatches, epoch: number): ReturnType<FeatureBatches> {
  const given = batches(epoch) as Partial<Iterable<unknown> & AsyncIterable<unknown>> | undefined;
  if (typeof (given?.[Symbol.iterator] ?? given?.[Symbol.asyncIterator]) === 'function')
    return given as ReturnType<FeatureBatches>;
  throw new InputError(
    `batches must give an iterable of batches, but at epoch ${epoch} it gives ${shown(given)}.`,
  );
}

/** Soft targets [N, C] are the loss's to refuse. */
function checkBatch({ features, labels }: FeatureBatch, { numClasses }: { numClasses: number }): void {
  checkTensors({ features }, { rank: 2 });
  if (features.shape[0] === 0) throw new InputError('a batch must have a row, but it has none.');
  if ((labels as tf.Tensor | undefined)?.rank !== 2)
    checkTensors({ 'labels of a batch': labels }, { rank: 1, dtype: 'int32' });
  if (labels.rank === 1) checkClasses(labels as tf.Tensor1D, { numClasses });
}

/** @throws InputError unless it is finite, naming the row of features that is not, if there is one */
function checkLoss(
  loss: number,
  { epoch, step, features }: { epoch: number; step: number; features: tf.Tensor2D },
) {
  if (Number.isFinite(loss)) return;
  checkFinite(features, { name: `the features of step ${step}` });
  throw new InputError(
    `a loss must be a finite number, but that of step ${step}, in epoch ${epoch}, is ${loss}; try a lower learningRate.`,
    { epoch, step },
  );
}

/** What the optimizer takes: a group for each weight whose rate is its own. */
function groupsOf({ name, trainable, weights }: Head, rates: TrainHeadOptions['rates']): Trained {
  if (rates === undefined) return trainable;
  checkObjects({ rates });
  checkLists({ 'trainable of a head': trainable });
  const own = Object.entries(rates).map(([key, rate]) => {
    const variable = weights.get(key);
    if (variable && trainable.includes(variable)) return { variables: [variable], rate };
    throw new InputError(`rates must name trainable weights of ${name}, but ${shown(key)} is none.`);
  });
  const others = trainable.filter((variable) => !own.some(({ variables }) => variables.includes(variable)));
  return [...own, { variables: others }];
}

/** Milliseconds without a turn of the event loop, in which no abort is heard, Ctrl-C neither. */
const TURN = 100;

/**
 * Trains the head's `trainable` variables and nothing else; gives the event loop a turn after every epoch, and ten a second.
 *
 * @throws InputError when a number is out of range, a batch is no tensors [N, D] and int32 [N] or [N, C], an epoch has none, or a loss is
 *   not finite, with the row of features that is not
 * @throws the signal's reason when it is aborted; the head is then as its last step left it
 */
export async function trainHead(
  head: Head,
  batches: FeatureBatches,
  options: TrainHeadOptions = {},
): Promise<void> {
  const {
    epochs = 10,
    learningRate = 0.2,
    schedule = 'epoch',
    momentum = 0.9,
    weightDecay = 5e-4,
  } = checkOptions(options, { of: 'trainHead' });
  const { rates, loss = crossEntropy, signal, onEpoch, afterStep } = options;
  checkHead(head);
  checkFunctions({ batches, loss });
  if (onEpoch !== undefined) checkFunctions({ onEpoch });
  if (afterStep !== undefined) checkFunctions({ afterStep });
  if (signal !== undefined) checkFunctions({ 'signal.throwIfAborted': signal?.throwIfAborted });
  const rate = rateOf(schedule, { learningRate, epochs });
  const optimizer = sgd(groupsOf(head, rates), { momentum, weightDecay });
  let turned = performance.now();
  let step = 0;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      let [sum, steps] = [0, 0];
      for await (const batch of batchesOf(batches, epoch)) {
        checkObjects({ 'a batch of features': batch });
        const { features, labels } = batch;
        try {
          checkBatch(batch, head);
          if (performance.now() - turned > TURN) {
            await turn();
            turned = performance.now();
          }
          signal?.throwIfAborted();
          const about = { epoch, step: step++, features };
          const value = optimizer.minimize(
            () => loss(logitsOf(head, features), labels as tf.Tensor1D, about),
            {
              learningRate: rate(epoch),
            },
          );
          const [number] = await value.data();
          value.dispose();
          checkLoss(number!, about);
          sum += number!;
          steps++;
          afterStep?.();
        } finally {
          tf.dispose([features, labels]);
        }
      }
      if (steps === 0)
        throw new InputError(`batches must give a batch an epoch, but epoch ${epoch} has none.`);
      onEpoch?.(epoch, sum / steps);
      await turn();
    }
  } finally {
    optimizer.dispose();
  }
}
