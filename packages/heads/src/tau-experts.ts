/**
 * Experts of several priors (Aimar et al., CVPR 2023, "Balanced product of calibrated experts"): heads on one representation, each
 * trained by the logit-adjusted loss at a tau of its own, for the training prior (0), an even one (1) and its inverse (2), which
 * answer together by the mean of their log-probabilities,
 *   z = 1/K sum_k log softmax(W_k f + b_k) = (1/K sum_k W_k) f + 1/K sum_k b_k - a number a row
 * The number changes no probability, so that they are one linear head. Reference: emasa/BalPoE-CalibratedLT, whose experts share a
 * backbone in training; on frozen features they share nothing. The defaults are those of cRT.
 */
import { checkFunctions, checkLists, checkNumbers, checkOptions, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { copied, finished } from './from-joint.ts';
import type { FeatureBatches, Head } from './head.ts';
import { linearFrom } from './linear.ts';
import type { HeadLoss, TrainHeadOptions } from './train-head.ts';

export interface TauExpertsOptions extends Omit<TrainHeadOptions, 'loss'> {
  /** The loss of an expert: `(tau) => logitAdjusted(counts, { tau })` of `@longtail/losses`. */
  readonly lossAt: (tau: number) => HeadLoss;
  /** Default: 0, 1, 2. */
  readonly taus?: readonly number[];
}

/** The mean of a weight of the heads, where they have it. */
function meanOf(heads: readonly Head[], name: string): tf.Tensor | undefined {
  const given = heads.flatMap(({ weights }) => weights.get(name) ?? []);
  return given.length === 0 ? undefined : tf.tidy(() => tf.div(tf.addN(given), given.length));
}

/**
 * @param joint the linear head of stage 1, from which each expert starts; it is not changed
 * @param batches features as they are, once through for each expert; each batch is disposed here
 * @param options.onEpoch is told the epochs of one expert after the other
 * @returns a linear head
 * @throws InputError when the joint head is not linear, there is no tau, or as trainHead
 * @example
 * const head = await tauExperts(joint, batches, { lossAt: (tau) => logitAdjusted(counts, { tau }) });
 */
export async function tauExperts(
  joint: Head,
  batches: FeatureBatches,
  options: TauExpertsOptions,
): Promise<Head> {
  const { lossAt, taus = [0, 1, 2], ...training } = checkOptions(options, { of: 'tauExperts' });
  checkFunctions({ lossAt });
  checkLists({ taus });
  if (taus.length === 0) throw new InputError('taus must hold the tau of an expert, but there is none.');
  taus.forEach((tau, k) => {
    checkNumbers({ [`taus[${k}]`]: tau });
  });
  const experts: Head[] = [];
  try {
    for (const tau of taus) {
      const loss = lossAt(tau);
      checkFunctions({ [`lossAt(${tau})`]: loss });
      const expert = linearFrom('expert', copied(joint, { of: 'tauExperts' }), { trainable: true });
      experts.push(await finished(expert, batches, { ...training, loss }));
    }
    const [weight, bias] = [meanOf(experts, 'weight'), meanOf(experts, 'bias')];
    return linearFrom('tau-experts', {
      weight: weight as tf.Tensor2D,
      bias: bias as tf.Tensor1D | undefined,
    });
  } finally {
    for (const expert of experts) expert.dispose();
  }
}
