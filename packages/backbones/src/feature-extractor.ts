/** What extraction needs of a network: pictures as they are stored in, features out; no tensor and no gradient. */
import { InputError } from '@longtail/core';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from './backbone.ts';
import { checkBackbone } from './checks.ts';
import { checkPixels } from './pixels.ts';
import { checkStatistics, type Statistics } from './statistics.ts';

export interface FeatureExtractor {
  readonly name: string;
  /** D, the length of a feature. */
  readonly featureDim: number;
  /** Of the pictures it takes; absent: any that the network takes. */
  readonly pictureSize?: readonly [height: number, width: number];
  /** What pictures are normalised with; absent: the network takes the bytes as they are. */
  readonly statistics?: Statistics;
  /**
   * @param pixels N*H*W*3 values 0..255, NHWC, red first; left alone until the features are there
   * @param shape [N, H, W, 3], N >= 1
   * @returns features, shape [N, D], row by row
   * @throws InputError for pictures of another type or size, and after `dispose`
   */
  extract(
    pixels: Uint8Array,
    shape: readonly [count: number, height: number, width: number, channels: number],
  ): Promise<Float32Array>;
  /** Frees the network; a second call does nothing. */
  dispose(): Promise<void>;
}

/**
 * A backbone as an extractor, in inference mode. Disposing it disposes the backbone.
 *
 * @param statistics what the backbone was trained with
 * @throws InputError unless they are three numbers each, in units of 0..1
 * @example
 * const extractor = featureExtractor(resNet('resnet-50', { seed: 0 }), IMAGENET_LT.statistics);
 * const features = await extractor.extract(batch.pixels, batch.shape); // [N, 2048]
 */
export function featureExtractor(backbone: Backbone, statistics: Statistics): FeatureExtractor {
  checkBackbone(backbone);
  checkStatistics(statistics);
  const { name, featureDim } = backbone;
  let isOpen = true;
  return {
    name,
    featureDim,
    statistics,
    async extract(pixels, shape) {
      if (!isOpen) throw new InputError(`${name} has been disposed; make it again.`);
      checkPixels(pixels, shape, { name });
      const features = tf.tidy(() =>
        backbone.features(imagesFromBytes(pixels, shape, statistics), { training: false }),
      );
      try {
        return (await features.data()) as Float32Array;
      } finally {
        features.dispose();
      }
    },
    async dispose() {
      isOpen = false;
      backbone.dispose();
    },
  };
}
