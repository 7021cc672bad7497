/** Better gradients for operations of tfjs. Its own come with `@tensorflow/tfjs`, and whichever comes last is used. */
import * as tf from '@tensorflow/tfjs-core';
import { batchNormGradient } from './batch-norm-grad.ts';
import { meanGradient } from './mean-grad.ts';
import { reluGradient } from './relu-grad.ts';

/**
 * Gives `tf.relu`, `tf.mean` and `tf.batchNorm` gradients of few passes. It happens when this package is imported; call it
 * where `@tensorflow/tfjs` may have been imported later (Longtail's engine and backends do).
 */
export function registerGradients(): void {
  for (const gradient of [reluGradient, meanGradient, batchNormGradient]) tf.registerGradient(gradient);
}

registerGradients();
