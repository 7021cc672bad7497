/**
 * Folds seen by their first principal components, for a choice that takes many fits of plain logistic regression. Centred and turned
 * rows have the same penalty, |W V| = |W|, so a C means the same there, and a head comes back without loss:
 *   z = W (V (f - m)) + b = (W V) f + (b - W V m)
 */
import { type Head, linearFrom, type PrincipalComponents, principalComponents } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { FoldRows } from './fit-context.ts';

export const COMPONENTS = 256;
const seen = (features: tf.Tensor2D, { mean, components }: PrincipalComponents): tf.Tensor2D =>
  tf.tidy(() => tf.matMul(tf.sub(features, mean), components, false, true));

function widened(head: Head, { mean, components }: PrincipalComponents): Head {
  const [weight, bias] = tf.tidy(() => {
    const wide = tf.matMul(head.weights.get('weight') as tf.Tensor2D, components);
    const moved = tf.reshape(tf.matMul(wide, tf.expandDims(mean, 1)), [-1]);
    return [wide, tf.sub(head.weights.get('bias')!, moved)] as [tf.Tensor2D, tf.Tensor1D];
  });
  return linearFrom(head.name, { weight, bias });
}

export interface FewComponents {
  readonly rows: FoldRows;
  /** The same head on the rows as they are. */
  readonly widen: (head: Head) => Head;
  dispose(): void;
}

/** @returns the caller's to dispose */
export function fewComponents({ fit, held }: FoldRows): FewComponents {
  const axes = principalComponents(fit.features, { components: COMPONENTS });
  const rows: FoldRows = {
    fit: { features: seen(fit.features, axes), labels: fit.labels },
    held: { features: seen(held.features, axes), labels: held.labels },
  };
  return {
    rows,
    widen: (head) => widened(head, axes),
    dispose: () =>
      tf.dispose([axes.mean, axes.components, axes.variances, rows.fit.features, rows.held.features]),
  };
}
