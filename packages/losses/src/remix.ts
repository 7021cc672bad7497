/**
 * Remix (Chou et al. 2020, eq. 10): images as in mixup, but a pair's label goes to the rarer class: the share of i's label
 * is 0 where n_i / n_j >= kappa and l < tau, 1 where n_i / n_j <= 1 / kappa and 1 - l < tau, else l. Per pair, as in
 * zhangyongshun/BagofTricks-LT, lib/core/combiner.py.
 */
import { asCounts, checkNumbers, checkOptions, type LabelList } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkedBatch, drawMix, type MixedBatch, mixBatch } from './mixed-batch.ts';
import type { MixupOptions } from './mixup.ts';

export interface RemixOptions extends Omit<MixupOptions, 'numClasses'> {
  /** How many times as many images the frequent class has. */
  readonly kappa?: number;
  /** Below which share of the frequent class's image its label is dropped. */
  readonly tau?: number;
}

function checkRemix({ kappa, tau }: { kappa: number; tau: number }): void {
  checkNumbers({ kappa }, { above: 0 });
  checkNumbers({ tau });
}

/**
 * The share of a row's own label.
 *
 * @param share l, of its image
 * @param own n_i, the images of its class; other: n_j, those of its partner's
 */
export function remixShare(
  share: number,
  pair: { own: number; other: number },
  options: { kappa?: number; tau?: number } = {},
): number {
  const { own, other } = checkOptions(pair, { of: 'a pair' });
  const { kappa = 3, tau = 0.5 } = checkOptions(options, { of: 'remixShare' });
  checkNumbers({ share, own, other }, { least: 0 });
  checkRemix({ kappa, tau });
  if (own >= kappa * other && share < tau) return 0;
  if (own * kappa <= other && 1 - share < tau) return 1;
  return share;
}

/**
 * @param images float32, shape [N, ...]
 * @param labels shape [N], in [0, C)
 * @param counts n_c, shape [C]
 * @returns mixed images and soft targets, to be disposed, for a loss that takes soft targets
 * @throws InputError when labels or counts do not fit, or alpha is not above 0
 * @example
 * const { images, targets } = remix(x, labels, counts, { kappa: 3, tau: 0.5, step });
 */
export function remix<T extends tf.Tensor>(
  images: T,
  labels: LabelList,
  counts: ArrayLike<number>,
  options: RemixOptions,
): MixedBatch<T> {
  const { alpha = 1, kappa = 3, tau = 0.5, seed = 0, step } = checkOptions(options, { of: 'remix' });
  checkRemix({ kappa, tau });
  const n = asCounts(counts);
  const checked = checkedBatch(images, labels, n.length);
  const { share, partners } = drawMix(checked.length, { alpha, seed, step });
  const shares = (i: number) => {
    const [own, other] = [n[checked[i]!]!, n[checked[partners[i]!]!]!];
    return remixShare(share, { own, other }, { kappa, tau });
  };
  return mixBatch(images, checked, { shares, share, partners, numClasses: n.length });
}
