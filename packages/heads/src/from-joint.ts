/** What the heads that start from the joint one share: a copy of it, and training that frees the copy when it fails. */
import * as tf from '@tensorflow/tfjs-core';
import { type FeatureBatches, type Head, linearWeights } from './head.ts';
import { type HeadLoss, type TrainHeadOptions, trainHead } from './train-head.ts';

/** Options of a head whose paper trains it by a loss of its own: there is no default. */
export type WithLoss<T extends TrainHeadOptions = TrainHeadOptions> = T & { readonly loss: HeadLoss };

/** @throws InputError when the head is not linear */
export function copied(
  joint: Head,
  { of }: { of: string },
): { weight: tf.Tensor2D; bias: tf.Tensor1D | undefined } {
  const { weight, bias } = linearWeights(joint, { of });
  return { weight: tf.clone(weight) as tf.Tensor2D, bias: bias && (tf.clone(bias) as tf.Tensor1D) };
}

/** The head when it is trained. @throws as trainHead; the head is then disposed */
export async function finished(
  head: Head,
  batches: FeatureBatches,
  options: TrainHeadOptions,
): Promise<Head> {
  try {
    await trainHead(head, batches, options);
    return head;
  } catch (error) {
    head.dispose();
    throw error;
  }
}
