/**
 * GELU (Hendrycks & Gimpel, 2016), y = x Phi(x) with the normal distribution's Phi: exactly, by erf, or as OpenAI's CLIP has
 * it ("QuickGELU"), y = x sigmoid(1.702 x). Slopes: Phi(x) + x phi(x), and s + 1.702 x s (1 - s) with s the sigmoid.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface GeluAttributes {
  readonly form: 'erf' | 'sigmoid';
}

/** What the sigmoid form multiplies x with. */
export const SIGMOID_RATE = 1.702;

const phi = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
const sigmoid = (x: tf.Tensor): tf.Tensor => tf.sigmoid(tf.mul(x, SIGMOID_RATE));

export const Gelu: KernelDefinition<{ readonly x: tf.Tensor }, GeluAttributes> = {
  name: 'Gelu',
  define: ({ x }, { form }) => tf.mul(x, form === 'erf' ? phi(x) : sigmoid(x)),
};

export interface GeluGradInputs {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
}

export const GeluGrad: KernelDefinition<GeluGradInputs, GeluAttributes> = {
  name: 'GeluGrad',
  isGradient: true,
  define: ({ dy, x }, { form }) => {
    if (form === 'erf') {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(phi(x), tf.mul(x, density)));
    }
    const s = sigmoid(x);
    return tf.mul(dy, tf.mul(s, tf.add(tf.mul(tf.mul(x, SIGMOID_RATE), tf.sub(1, s)), 1)));
  },
};

tf.registerGradient({
  kernelName: Gelu.name,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () =>
      runKernel(
        GeluGrad,
        { dy: dy as tf.Tensor, x: x! },
        { form: (attributes as unknown as GeluAttributes).form },
      ),
  }),
});

/**
 * @param x float32, any shape
 * @param options.form 'erf': exact; 'sigmoid': CLIP's QuickGELU
 * @returns y, the shape of x
 */
export function gelu<T extends tf.Tensor>(x: T, { form = 'erf' }: Partial<GeluAttributes> = {}): T {
  return runKernel(Gelu, { x }, { form });
}
