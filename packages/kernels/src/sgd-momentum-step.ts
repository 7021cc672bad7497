/**
 * One step of SGD with momentum over a whole list of variables, as PyTorch's torch.optim.SGD defines it:
 *   g <- g + weightDecay w;  v <- momentum v + g;  w <- w - learningRate v   (nesterov: w - learningRate (g + momentum v))
 * Decoupled decay (SGDW of Loshchilov & Hutter, 2019, as torch.optim.AdamW does it) leaves g as it is, and begins with
 *   w <- (1 - learningRate weightDecay) w
 * Without momentum the velocities are neither read nor changed, as there.
 * tfjs's own optimizers step variable by variable, a dozen operations each.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { flatInputs, type ListInputs, type Lists, listsIn } from './variable-lists.ts';

export interface SgdMomentumAttributes {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  /** Absent: false. */
  readonly decoupled?: boolean;
}

/** For the i-th variable: `variable/i` and `velocity/i` (tf.Variables, changed in place) and `gradient/i`. */
export type SgdMomentumInputs = ListInputs;

/** @throws InputError when the lists or the shapes at one place differ */
export function sgdMomentumLists(
  inputs: SgdMomentumInputs,
): Lists<'variable' | 'gradient' | 'velocity', tf.Variable> {
  return listsIn('sgdMomentumStep', inputs, ['variable', 'gradient', 'velocity']);
}

export const SgdMomentumStep: KernelDefinition<SgdMomentumInputs, SgdMomentumAttributes> = {
  name: 'SgdMomentumStep',
  define: (inputs, { learningRate, momentum, weightDecay, nesterov, decoupled = false }) => {
    const lists = sgdMomentumLists(inputs);
    lists.variable.forEach((variable, i) => {
      const [given, velocity] = [lists.gradient[i]!, lists.velocity[i]!];
      const gradient = decoupled ? given : tf.add(given, tf.mul(variable, weightDecay));
      if (momentum !== 0) velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
      const moving = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      const kept = decoupled ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
      variable.assign(tf.sub(kept, tf.mul(momentum === 0 ? gradient : moving, learningRate)));
    });
    return [];
  },
};

/**
 * Moves the variables and their velocities, in place.
 *
 * @param variables w, any shapes
 * @param gradients one a variable, of its shape
 * @param velocities v, one a variable, of its shape; zeros before the first step
 * @param options.decoupled the decay is of the weights alone, not of the velocities
 * @throws InputError when the lists or a pair of shapes differ
 */
export function sgdMomentumStep(
  variables: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  velocities: readonly tf.Variable[],
  {
    learningRate,
    momentum = 0.9,
    weightDecay = 0,
    nesterov = false,
    decoupled = false,
  }: Partial<SgdMomentumAttributes> & { learningRate: number },
): void {
  const lists = { variable: variables, gradient: gradients, velocity: velocities };
  const inputs = flatInputs('sgdMomentumStep', lists);
  runKernel(SgdMomentumStep, inputs, { learningRate, momentum, weightDecay, nesterov, decoupled });
}
