/** What all losses look at before they compute. */
import { checkObjects, InputError } from '@longtail/core';
import { checkClasses, checkTensors, described } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Labels, Loss, LossOptions } from './loss.ts';

/**
 * @param numClasses C, where a loss knows it
 * @throws InputError unless the logits are a tensor [N, C]
 */
export function checkLogits(
  logits: tf.Tensor2D,
  { numClasses }: { numClasses?: number | undefined } = {},
): void {
  checkTensors({ logits }, { rank: 2 });
  if (logits.shape[1] !== (numClasses ?? logits.shape[1]))
    throw new InputError(
      `the loss was made for ${numClasses} classes, but the logits are [${logits.shape}].`,
      { numClasses, shape: logits.shape },
    );
}

function checkLabels(labels: Labels, logits: tf.Tensor2D): void {
  if (labels instanceof tf.Tensor && labels.shape[0] === logits.shape[0])
    if (labels.rank === 2 || (labels.rank === 1 && labels.dtype === 'int32')) return;
  throw new InputError(
    `labels must be an int32 tensor [${logits.shape[0]}], or soft targets, a row for each of the logits, but got ${described(labels)}${remedy(labels)}.`,
  );
}

function remedy(labels: unknown): string {
  if (Array.isArray(labels) || ArrayBuffer.isView(labels))
    return "; make it one by tf.tensor1d(labels, 'int32')";
  const isFloat = labels instanceof tf.Tensor && labels.rank === 1 && labels.dtype === 'float32';
  return isFloat ? '; cast it by labels.toInt()' : '';
}

/**
 * A loss that refuses what it cannot take, and leaves no tensor but its value.
 *
 * @param options.numClasses C of what it was made from; default: any
 */
export function checkedLoss(
  { numClasses }: { numClasses?: number | undefined },
  run: (logits: tf.Tensor2D, labels: Labels, options: LossOptions) => tf.Tensor,
): Loss {
  return (logits, labels, options) => {
    checkLogits(logits, { numClasses });
    checkLabels(labels, logits);
    if (labels.rank === 1) checkClasses(labels as tf.Tensor1D, { numClasses: logits.shape[1] });
    if (options !== undefined) checkObjects({ 'the options of a loss': options });
    return tf.tidy(() => run(logits, labels, options ?? ({} as LossOptions)) as tf.Scalar);
  };
}
