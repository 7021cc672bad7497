/**
 * One step of SGD with momentum over a whole list of variables, as PyTorch's torch.optim.SGD defines it:
 *   g <- g + weightDecay w;  v <- momentum v + g;  w <- w - learningRate v   (nesterov: w - learningRate (g + momentum v))
 * Without momentum the velocities are neither read nor changed, as there.
 * tfjs's own optimizers step variable by variable, a dozen operations each.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SgdMomentumAttributes {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
}

/** Inputs, for the i-th variable: `variable/i` and `velocity/i` (tf.Variables, changed in place) and `gradient/i`. */
export type SgdMomentumInputs = Readonly<Record<string, tf.Tensor>>;

/**
 * The three lists behind the kernel's flat inputs: native kernels walk over the memory of all three side by side.
 *
 * @throws InputError when the lists or a pair of shapes differ
 */
export function sgdMomentumLists(inputs: SgdMomentumInputs): {
  variables: tf.Variable[];
  gradients: tf.Tensor[];
  velocities: tf.Variable[];
} {
  const list = (name: string) => {
    const found: tf.Tensor[] = [];
    for (let i = 0; `${name}/${i}` in inputs; i++) found.push(inputs[`${name}/${i}`]!);
    return found;
  };
  const lists = {
    variables: list('variable') as tf.Variable[],
    gradients: list('gradient'),
    velocities: list('velocity') as tf.Variable[],
  };
  expectAlike(lists);
  return lists;
}

function expectAlike({
  variables,
  gradients,
  velocities,
}: Record<'variables' | 'gradients' | 'velocities', readonly tf.Tensor[]>): void {
  if (gradients.length !== variables.length || velocities.length !== variables.length)
    throw new InputError(
      `sgdMomentumStep needs a gradient and a velocity a variable, but got ${gradients.length} and ${velocities.length} for ${variables.length}.`,
    );
  variables.forEach((variable, i) => {
    for (const other of [gradients[i]!, velocities[i]!])
      if (!tf.util.arraysEqual(variable.shape, other.shape))
        throw new InputError(
          `sgdMomentumStep needs equal shapes, but variable ${(variable as tf.Variable).name} is [${variable.shape}] and its gradient or velocity [${other.shape}].`,
          { index: i },
        );
  });
}

export const SgdMomentumStep: KernelDefinition<SgdMomentumInputs, SgdMomentumAttributes> = {
  name: 'SgdMomentumStep',
  define: (inputs, { learningRate, momentum, weightDecay, nesterov }) => {
    const { variables, gradients, velocities } = sgdMomentumLists(inputs);
    variables.forEach((variable, i) => {
      const gradient = tf.add(gradients[i]!, tf.mul(variable, weightDecay));
      const velocity = velocities[i]!;
      if (momentum !== 0) velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
      const moving = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      variable.assign(tf.sub(variable, tf.mul(momentum === 0 ? gradient : moving, learningRate)));
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
  }: Partial<SgdMomentumAttributes> & { learningRate: number },
): void {
  expectAlike({ variables, gradients, velocities });
  const inputs: Record<string, tf.Tensor> = {};
  variables.forEach((variable, i) => {
    inputs[`variable/${i}`] = variable;
    inputs[`gradient/${i}`] = gradients[i]!;
    inputs[`velocity/${i}`] = velocities[i]!;
  });
  runKernel(SgdMomentumStep, inputs, { learningRate, momentum, weightDecay, nesterov });
}
