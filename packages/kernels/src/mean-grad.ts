/**
 * The gradient of `tf.mean`, dx = dy / n everywhere, as a division of the few and a broadcast, which costs nothing where a
 * backend has views (registered by gradients.ts). tfjs multiplies ones and divides them.
 */
import * as tf from '@tensorflow/tfjs-core';

export const meanGradient: tf.GradConfig = {
  kernelName: tf.Mean,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const { shape, size } = x!;
      const axes = tf.util.parseAxisParam((attributes as unknown as tf.MeanAttrs).axis, shape);
      const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
      const count = size / tf.util.sizeFromShape(kept);
      return tf.broadcastTo(tf.reshape(tf.div(dy as tf.Tensor, count), kept), shape);
    },
  }),
};
