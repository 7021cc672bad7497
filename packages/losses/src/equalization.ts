/**
 * Equalisation loss (Tan et al. 2020): rare classes (n_c / N < lambda) are not pushed down by images of other classes.
 * softmax, SEQL: -log(e^z_y / sum_k w_k e^z_k), w_k = 1 - b [k rare] (1 - [k = y]), b = 1 with probability gamma;
 * reference BagofTricks-LT, equalization_loss.py, whose exp overflows. sigmoid, EQL: sum_k w_k BCE(z_k), b = 1;
 * reference tztztztztz/eql.detectron2, without its background.
 */
import { asCounts, checkNumbers, checkOneOf, checkOptions, random } from '@longtail/core';
import { indicator, sparseCrossEntropy, uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss, LossOptions } from './loss.ts';
import { perClass } from './per-class.ts';
import { binaryCrossEntropy } from './sigmoid-rows.ts';
import { stepOf } from './step-of.ts';

export interface EqualizationOptions {
  readonly form?: 'softmax' | 'sigmoid';
  /** Probability that a rare class is left out, drawn for each row and class; of the softmax form. */
  readonly gamma?: number;
  /** lambda: a class is rare below this share of the images. */
  readonly threshold?: number;
  readonly seed?: number;
}

/** Below every logit; its exponential is 0. */
const LEFT_OUT = -1e30;

/**
 * @param counts n_c, shape [C]
 * @returns the loss; the softmax form needs `step`
 * @throws InputError when a count is not an integer >= 0, or no step is given
 * @example
 * equalization(counts, { gamma: 0.9, threshold: 0.005 })(logits, labels, { epoch, step });
 */
export function equalization(counts: ArrayLike<number>, options: EqualizationOptions = {}): Loss {
  const {
    form = 'softmax',
    gamma = 0.9,
    threshold = 0.005,
    seed = 0,
  } = checkOptions(options, { of: 'equalization' });
  checkOneOf({ form }, ['softmax', 'sigmoid']);
  checkNumbers({ gamma }, { least: 0, most: 1 });
  checkNumbers({ threshold });
  random(seed);
  const checked = asCounts(counts);
  const total = checked.reduce((sum, n) => sum + n, 0);
  const rare = Float32Array.from(checked, (n) => (n / total < threshold ? 1 : 0));
  const softmax = (logits: tf.Tensor2D, labels: tf.Tensor1D, given: LossOptions) => {
    const drawn = uniform(logits.shape, {
      seed,
      keys: ['equalization', stepOf(given, { loss: 'equalization' })],
    });
    const others = tf.sub(1, indicator(labels, rare.length));
    const out = tf.mul(tf.mul(tf.cast(tf.less(drawn, gamma), 'float32'), perClass(rare, logits)), others);
    const kept = tf.add(tf.mul(logits, tf.sub(1, out)), tf.mul(out, LEFT_OUT)) as tf.Tensor2D;
    return tf.mean(sparseCrossEntropy(kept, labels)) as tf.Scalar;
  };
  const sigmoid = (logits: tf.Tensor2D, labels: tf.Tensor1D) => {
    const { losses, onehot } = binaryCrossEntropy(logits, labels);
    const weights = tf.sub(1, tf.mul(perClass(rare, logits), tf.sub(1, onehot)));
    return tf.mean(tf.sum(tf.mul(losses, weights), 1)) as tf.Scalar;
  };
  const run = form === 'softmax' ? softmax : sigmoid;
  return checkedLoss({ numClasses: rare.length }, (logits, labels, given) =>
    run(logits, hardLabels(labels, { loss: 'equalization' }), given),
  );
}
