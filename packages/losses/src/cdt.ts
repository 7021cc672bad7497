/**
 * Class-dependent temperatures (Ye et al. 2020): cross-entropy of z_c / a_c, a_c = (n_max / n_c)^gamma; the
 * temperatures are for training alone. Reference: zhangyongshun/BagofTricks-LT, class_dependent_temperatures_loss.py.
 */
import { checkNumbers, checkOptions, extent } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { presentCounts } from './class-counts.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';

/**
 * @param counts n_c, shape [C]; a class without images has the rarest one's temperature
 * @param options.gamma the paper searches [0, .4] on CIFAR-10, [0, .2] on CIFAR-100, [0, .1] on iNaturalist
 * @returns the loss; it takes soft targets
 * @throws InputError when a count is not an integer >= 0, all are 0, or gamma is negative
 * @example
 * cdt(counts, { gamma: 0.1 });
 */
export function cdt(counts: ArrayLike<number>, options: { gamma?: number } = {}): Loss {
  const { gamma = 0.2 } = checkOptions(options, { of: 'cdt' });
  checkNumbers({ gamma }, { least: 0 });
  const present = presentCounts(counts);
  const [, most] = extent(present);
  const inverse = Float32Array.from(present, (n) => (n / most) ** gamma);
  return checkedLoss({ numClasses: inverse.length }, (logits, labels) =>
    meanCrossEntropy(tf.mul(logits, perClass(inverse, logits)), labels),
  );
}
