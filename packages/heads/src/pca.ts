/**
 * Principal components as steps of a feature transform: (f - m) V_k, whitened (f - m) V_k diag(w)^-1/2; V and w as in
 * principal-components.ts. Reference: scikit-learn's PCA(n_components, whiten=...).transform.
 */
import { checkOneOf, checkOptions } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { principalComponents } from './principal-components.ts';
import type { FeatureTransform } from './transform.ts';

/** What float32 sums leave of a variance of 0, as a share of the largest one: so much for each dimension, or for the root of the rows. */
const ROUNDING = 1.2e-7;

/**
 * Fewer dimensions, those in which the rows vary most. Whitened ones all vary alike; one in which no row varies, but for rounding, is 0.
 *
 * @param features of the training set, shape [N, D], N >= 2
 * @param options.components K, at most N and D
 * @param options.whiten default: false
 * @throws InputError as principalComponents
 * @example
 * const transform = [...pca(train, { components: 64, whiten: true }), ...l2()];
 */
export function pca(
  features: tf.Tensor2D,
  options: { components: number; whiten?: boolean },
): FeatureTransform {
  const { components: count, whiten = false } = checkOptions(options, { of: 'pca' });
  checkOneOf({ whiten }, [true, false]);
  checkTensors({ features }, { rank: 2 });
  const [total, size] = features.shape;
  const { mean, components, variances } = principalComponents(features, { components: count });
  try {
    const [columns, shape] = tf.tidy(() => {
      const v = tf.transpose(components);
      return [v.dataSync<'float32'>().slice(), v.shape as [number, number]] as const;
    });
    const spread = variances.dataSync<'float32'>();
    const least = ROUNDING * Math.max(size, Math.sqrt(total)) * spread[0]!;
    return [
      { kind: 'subtract', values: mean.dataSync<'float32'>().slice() },
      { kind: 'project', values: columns, shape },
      ...(whiten
        ? [
            {
              kind: 'divide' as const,
              values: spread.map((w) => (w > least ? Math.sqrt(w) : Number.POSITIVE_INFINITY)),
            },
          ]
        : []),
    ];
  } finally {
    tf.dispose([mean, components, variances]);
  }
}
