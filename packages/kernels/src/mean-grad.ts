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
      if (size === 0) return tf.zerosLike(x!);
      const axes = tf.util.parseAxisParam((attributes as unknown as tf.MeanAttrs).axis, shape);
      const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
      const count = size / tf.util.sizeFromShape(kept);
      const share = tf.reshape(tf.div(dy as tf.Tensor, count), kept);
      // Differentiated again: tfjs's gradient of a broadcast is slow, and has not every rank.
      if (tf.engine().state.gradientDepth > 0) return tf.mul(share, tf.ones(shape));
      return tf.broadcastTo(share, shape);
    },
  }),
};
