/**
 * tau-normalised classifier (section 4.3; tau_norm.py): w_c / ||w_c||^tau. Nothing is learned; tau = 0 keeps the
 * joint head's weights, tau = 1 makes all norms 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Head } from './head.ts';
import { linearFrom } from './linear.ts';

/** The official sweep: 0, 0.1, ..., 2. */
export const TAUS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 10);

/**
 * @param joint a linear head; it is copied, not changed
 * @param options.bias 'drop' (official code), 'zero' (RIDE: the same logits) or 'keep' (Bag of Tricks)
 * @example
 * tauNorm(joint, { tau: 0.7 });
 */
export function tauNorm(
  joint: Head,
  { tau, bias = 'drop' }: { tau: number; bias?: 'drop' | 'zero' | 'keep' },
): Head {
  const weight = joint.weights.get('weight')!;
  const offset = joint.weights.get('bias');
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
 */
export function chooseTau(
  joint: Head,
  features: tf.Tensor2D,
  {
    taus = TAUS,
    bias = 'drop',
    score,
  }: { taus?: readonly number[]; bias?: 'drop' | 'zero' | 'keep'; score: (logits: tf.Tensor2D) => number },
): { tau: number; scores: number[] } {
  const scores = taus.map((tau) =>
    tf.tidy(() => {
      const head = tauNorm(joint, { tau, bias });
      try {
        return score(head.logits(features));
      } finally {
        head.dispose();
      }
    }),
  );
  return { tau: taus[scores.indexOf(Math.max(...scores))]!, scores };
}
