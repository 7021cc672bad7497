/**
 * tau-normalised classifier (section 4.3; tau_norm.py): w_c / ||w_c||^tau. Nothing is learned; tau = 0 keeps the
 * joint head's weights, tau = 1 makes all norms 1.
 */
import {
  checkFunctions,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  extent,
  InputError,
} from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type Head, linearWeights } from './head.ts';
import { linearFrom } from './linear.ts';

type BiasRule = 'drop' | 'zero' | 'keep';
const BIAS_RULES: readonly BiasRule[] = ['drop', 'zero', 'keep'];

/** Norms to a larger power are beyond float32. */
const MOST_TAU = 10;

/** The official sweep: 0, 0.1, ..., 2. */
export const TAUS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 10);

/**
 * @param joint a linear head; it is copied, not changed
 * @param options.bias 'drop' (official code), 'zero' (RIDE: the same logits) or 'keep' (Bag of Tricks)
 * @throws InputError when the joint head is not linear, or tau not in [0, 10]
 * @example
 * tauNorm(joint, { tau: 0.7 });
 */
export function tauNorm(joint: Head, options: { tau: number; bias?: BiasRule }): Head {
  const { tau, bias = 'drop' } = checkOptions(options, { of: 'tauNorm' });
  checkNumbers({ tau }, { least: 0, most: MOST_TAU });
  checkOneOf({ bias }, BIAS_RULES);
  const { weight, bias: offset } = linearWeights(joint, { of: 'tauNorm' });
  const scaled = tf.tidy(() => tf.div(weight, tf.pow(tf.norm(weight, 2, 1, true), tau)) as tf.Tensor2D);
  const kept =
    !offset || bias === 'drop' ? undefined : bias === 'keep' ? tf.clone(offset) : tf.zerosLike(offset);
  return linearFrom('tau', { weight: scaled, bias: kept as tf.Tensor1D | undefined });
}

/**
 * Tries every tau on the selection features.
 *
 * @param score of the logits [N, C], the larger the better: the caller's metric
 * @returns the best tau (the first of equals) and the score of each
 * @throws InputError when there is no tau, or a score is no finite number
 */
export function chooseTau(
  joint: Head,
  features: tf.Tensor2D,
  options: { taus?: readonly number[]; bias?: BiasRule; score: (logits: tf.Tensor2D) => number },
): { tau: number; scores: number[] } {
  const { taus = TAUS, bias = 'drop', score } = checkOptions(options, { of: 'chooseTau' });
  checkLists({ taus });
  checkFunctions({ score });
  checkTensors({ features }, { rank: 2 });
  if (taus.length === 0) throw new InputError('taus must hold a tau to try, but there is none.');
  const scores = taus.map((tau) =>
    tf.tidy(() => {
      const head = tauNorm(joint, { tau, bias });
      try {
        const found = score(head.logits(features));
        checkNumbers({ [`the score at tau ${tau}`]: found });
        return found;
      } finally {
        head.dispose();
      }
    }),
  );
  return { tau: taus[scores.indexOf(extent(scores)[1])]!, scores };
}
