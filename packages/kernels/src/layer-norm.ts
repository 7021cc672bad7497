/**
 * Layer normalisation (Ba, Kiros & Hinton, 2016) over the last axis, with PyTorch's meaning:
 *   y = (x - mean) / sqrt(var + epsilon) * scale + offset, the variance divided by the count.
 * Of a row, only the mean and the deviation are kept for the gradient.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface LayerNormInputs {
  /** Shape [..., C]. */
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
}
export interface LayerNormAttributes {
  readonly epsilon: number;
}

/** Returns [y, mean, 1 / sqrt(variance + epsilon)], the last two of shape [..., 1]. */
export const LayerNorm: KernelDefinition<LayerNormInputs, LayerNormAttributes> = {
  name: 'LayerNorm',
  define: ({ x, scale, offset }, { epsilon }) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
    const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
    return [tf.add(tf.mul(normalised, scale), offset), mean, inverseDeviation];
  },
};

export interface LayerNormGradInputs {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly mean: tf.Tensor;
  readonly inverseDeviation: tf.Tensor;
}

/**
 * Returns [dx, dscale, doffset]. With xhat = (x - mean) / deviation and g = dy scale, and means over the last axis:
 * dx = (g - mean(g) - xhat mean(g xhat)) / deviation.
 */
export const LayerNormGrad: KernelDefinition<LayerNormGradInputs, object> = {
  name: 'LayerNormGrad',
  isGradient: true,
  define: ({ dy, x, scale, mean, inverseDeviation }) => {
    const rows = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
    const slope = tf.mul(dy, scale);
    const shared = tf.add(
      tf.mean(slope, -1, true),
      tf.mul(normalised, tf.mean(tf.mul(slope, normalised), -1, true)),
    );
    return [
      tf.mul(tf.sub(slope, shared), inverseDeviation),
      tf.sum(tf.mul(dy, normalised), rows),
      tf.sum(dy, rows),
    ];
  },
};

tf.registerGradient({
  kernelName: LayerNorm.name,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [x, scale, mean, inverseDeviation]) => {
    const dy = (dys as tf.Tensor[])[0]!;
    const inputs = { dy, x, scale, mean, inverseDeviation } as unknown as LayerNormGradInputs;
    const [dx, dscale, doffset] = runKernel<tf.Tensor[], LayerNormGradInputs, object>(
      LayerNormGrad,
      inputs,
      {},
    );
    return { x: () => dx!, scale: () => dscale!, offset: () => doffset! };
  },
});

/**
 * @param x float32, shape [..., C]
 * @param inputs.scale gamma, shape [C]; inputs.offset beta, shape [C]
 * @param options.epsilon PyTorch's default
 * @returns y, the shape of x
 * @throws InputError when scale or offset is not of x's last axis
 * @example
 * layerNorm(tokens, { scale, offset }, { epsilon: 1e-6 });
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  { scale, offset }: Omit<LayerNormInputs, 'x'>,
  { epsilon = 1e-5 }: Partial<LayerNormAttributes> = {},
): T {
  const wanted = x.shape.slice(-1);
  if (x.rank === 0 || [scale, offset].some(({ shape }) => !tf.util.arraysEqual(shape, wanted)))
    throw new InputError(
      `layerNorm needs x [..., C] and a scale and an offset [C], but got [${x.shape}], [${scale.shape}] and [${offset.shape}].`,
    );
  const [y, mean, inverseDeviation] = runKernel<
    [T, tf.Tensor, tf.Tensor],
    LayerNormInputs,
    LayerNormAttributes
  >(LayerNorm, { x, scale, offset }, { epsilon });
  mean.dispose();
  inverseDeviation.dispose();
  return y;
}
