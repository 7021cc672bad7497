/** What a store's features come from: pictures as bytes in, rows out. */
import type { Backbone, FeatureExtractor } from '@longtail/backbones';
import { UsageError } from '@longtail/core';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../recipe.ts';
import type { Layer } from './layers.ts';

export type Network = Pick<FeatureExtractor, 'name' | 'featureDim' | 'extract'>;

/**
 * 'last': the feature. 'penultimate': the input of the last stage of convolutions, or of a transformer's last block, pooled as the
 * feature is.
 *
 * @throws UsageError when the backbone has no such layer
 */
export function networkOf(
  backbone: Backbone,
  { layer, statistics }: { layer: Layer; statistics: Recipe['statistics'] },
): Network {
  const { name, penultimate } = backbone;
  if (layer === 'penultimate' && !penultimate)
    throw new UsageError(`--layer penultimate is of no layer that ${name} has; take --layer last.`);
  const { featureDim } = layer === 'last' ? backbone : penultimate!;
  const featuresOf = (images: tf.Tensor4D): tf.Tensor2D =>
    layer === 'last' ? backbone.features(images, { training: false }) : penultimate!.features(images);
  return {
    name,
    featureDim,
    async extract(pixels, shape) {
      const features = tf.tidy(() => featuresOf(imagesFromBytes(pixels, shape, statistics)));
      try {
        return (await features.data()) as Float32Array;
      } finally {
        features.dispose();
      }
    },
  };
}
