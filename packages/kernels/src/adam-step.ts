/**
 * One step of Adam (Kingma & Ba, 2015) over a whole list of variables, as PyTorch's torch.optim.Adam defines it; t is the
 * number of a variable's step, from 1:
 *   g <- g + weightDecay w;  m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
 *   w <- w - learningRate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + epsilon)
 * Decoupled decay (torch.optim.AdamW; Loshchilov & Hutter, 2019) leaves g as it is, and begins with
 *   w <- (1 - learningRate weightDecay) w
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { flatInputs, type ListInputs, type Lists, listsIn } from './variable-lists.ts';

export interface AdamAttributes {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly decoupled: boolean;
  /** t of each variable. */
  readonly steps: readonly number[];
}

/** For the i-th variable: `variable/i`, `mean/i` and `square/i` (tf.Variables, changed in place) and `gradient/i`. */
export type AdamInputs = ListInputs;

/** @throws InputError when the lists, their steps or the shapes at one place differ */
export function adamLists(
  inputs: AdamInputs,
  { steps }: Pick<AdamAttributes, 'steps'>,
): Lists<'variable' | 'gradient' | 'mean' | 'square', tf.Variable> {
  const lists = listsIn('adamStep', inputs, ['variable', 'gradient', 'mean', 'square']);
  if (steps.length !== lists.variable.length)
    throw new InputError(
      `adamStep needs equal numbers of variables and steps, but got ${lists.variable.length} and ${steps.length}.`,
    );
  return lists;
}

export const AdamStep: KernelDefinition<AdamInputs, AdamAttributes> = {
  name: 'AdamStep',
  define: (inputs, { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, steps }) => {
    const lists = adamLists(inputs, { steps });
    lists.variable.forEach((variable, i) => {
      const [given, mean, square, t] = [lists.gradient[i]!, lists.mean[i]!, lists.square[i]!, steps[i]!];
      const gradient = decoupled ? given : tf.add(given, tf.mul(variable, weightDecay));
      mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
      square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      const scale = tf.add(tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** t)), epsilon);
      const kept = decoupled ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
      variable.assign(tf.sub(kept, tf.mul(tf.div(mean, scale), learningRate / (1 - beta1 ** t))));
    });
    return [];
  },
};

/** What a step changes and what by; each list has one tensor a variable, of its shape. */
export interface AdamTensors {
  readonly gradients: readonly tf.Tensor[];
  /** m, zeros before the first step. */
  readonly means: readonly tf.Variable[];
  /** v, zeros before the first step. */
  readonly squares: readonly tf.Variable[];
}

/**
 * Moves the variables and their moments, in place.
 *
 * @param variables w, any shapes
 * @param options.steps t of each variable, from 1: this step's number
 * @throws InputError when the lists or the shapes at one place differ
 */
export function adamStep(
  variables: readonly tf.Variable[],
  { gradients, means, squares }: AdamTensors,
  {
    learningRate,
    steps,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
    decoupled = false,
  }: Partial<AdamAttributes> & Pick<AdamAttributes, 'learningRate' | 'steps'>,
): void {
  const inputs = flatInputs('adamStep', {
    variable: variables,
    gradient: gradients,
    mean: means,
    square: squares,
  });
  const attributes = { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, steps };
  runKernel(AdamStep, inputs, attributes);
}
