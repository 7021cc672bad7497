/** Stage 2's loop, shared by cRT and LWS: SGD with momentum on features, cosine rate per epoch. */
import { checkFunctions, checkObjects, checkOptions, InputError, shown } from '@longtail/core';
import { checkTensors, sparseCrossEntropy } from '@longtail/kernels';
import { cosine, sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { checkHead, type FeatureBatch, type FeatureBatches, type Head } from './head.ts';

export interface TrainHeadOptions {
  readonly epochs?: number;
  /** Official: 0.2 for a batch of 512; scale it with the batch. */
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  /** Default: mean cross-entropy. */
  readonly loss?: (logits: tf.Tensor2D, labels: tf.Tensor1D, options: { epoch: number }) => tf.Scalar;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: (epoch: number, meanLoss: number) => void;
}

const crossEntropy = (logits: tf.Tensor2D, labels: tf.Tensor1D) =>
  tf.mean(sparseCrossEntropy(logits, labels)) as tf.Scalar;

function logitsOf(head: Head, features: tf.Tensor2D): tf.Tensor2D {
  const logits = head.logits(features);
  checkTensors({ [`the logits of ${head.name}`]: logits }, { rank: 2 });
  return logits;
}

function batchesOf(batches: FeatureBatches, epoch: number): Iterable<FeatureBatch> {
  const given = batches(epoch);
  if (typeof given?.[Symbol.iterator] === 'function') return given;
  throw new InputError(
    `batches must give an iterable of batches, but at epoch ${epoch} it gives ${shown(given)}.`,
  );
}

/**
 * Trains the head's `trainable` variables and nothing else; gives the event loop a turn after every epoch.
 *
 * @throws InputError when a number is out of range, or an epoch has no batch
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
    momentum = 0.9,
    weightDecay = 5e-4,
  } = checkOptions(options, { of: 'trainHead' });
  const { loss = crossEntropy, signal, onEpoch } = options;
  checkHead(head);
  checkFunctions({ batches, loss });
  if (onEpoch !== undefined) checkFunctions({ onEpoch });
  if (signal !== undefined) checkFunctions({ 'signal.throwIfAborted': signal?.throwIfAborted });
  const optimizer = sgd(head.trainable, { momentum, weightDecay });
  const rate = cosine(learningRate, { epochs, step: 'epoch' });
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      let [sum, steps] = [0, 0];
      for (const batch of batchesOf(batches, epoch)) {
        checkObjects({ 'a batch of features': batch });
        const { features, labels } = batch;
        checkTensors({ features }, { rank: 2 });
        try {
          signal?.throwIfAborted();
          const value = optimizer.minimize(() => loss(logitsOf(head, features), labels, { epoch }), {
            learningRate: rate(epoch),
          });
          sum += value.dataSync()[0]!;
          steps++;
          value.dispose();
        } finally {
          tf.dispose([features, labels]);
        }
      }
      if (steps === 0)
        throw new InputError(`batches must give a batch an epoch, but epoch ${epoch} has none.`);
      onEpoch?.(epoch, sum / steps);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    optimizer.dispose();
  }
}
