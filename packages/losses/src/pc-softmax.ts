/**
 * PC-softmax, post-compensated (Hong et al. 2021, "Disentangling label distribution"): a network trained with plain cross-entropy on classes of
 * the shares p_s is tested on those of the shares p_t with z_c - log p_s,c + log p_t,c. Reference: hyperconnect/LADE.
 */
import { asCounts, checkOptions, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkLogits } from './checked-loss.ts';
import { perClass } from './per-class.ts';
import { logPrior } from './prior.ts';

/**
 * @param logits shape [N, C]
 * @param counts of the training images, shape [C]
 * @param options.target counts of the test images, shape [C]; default: all alike
 * @returns logits for the target's shares, shape [N, C]
 * @throws InputError when counts are not integers >= 0, or of another number of classes
 * @example
 * pcSoftmax(head.logits(features), trainCounts); // for a balanced test set
 */
export function pcSoftmax(
  logits: tf.Tensor2D,
  counts: ArrayLike<number>,
  options: { target?: ArrayLike<number> } = {},
): tf.Tensor2D {
  const { target = asCounts(counts).fill(1) } = checkOptions(options, { of: 'pcSoftmax' });
  const [from, to] = [logPrior(counts), logPrior(target)];
  if (from.length !== to.length)
    throw new InputError(`the target must have ${from.length} classes, but it has ${to.length}.`);
  checkLogits(logits, { numClasses: from.length });
  const shift = to.map((log, c) => log - from[c]!);
  return tf.tidy(() => tf.add(logits, perClass(shift, logits)));
}
