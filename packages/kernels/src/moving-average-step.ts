/** Exponential moving averages of a whole list of tensors, in place:  a <- decay a + (1 - decay) x. */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { flatInputs, type ListInputs, type Lists, listsIn } from './variable-lists.ts';

export interface MovingAverageAttributes {
  readonly decay: number;
}

/** For the i-th average: `average/i` (a tf.Variable, changed in place) and `value/i`. */
export type MovingAverageInputs = ListInputs;

/** @throws InputError when the lists or the shapes at one place differ */
export function movingAverageLists(inputs: MovingAverageInputs): Lists<'average' | 'value', tf.Variable> {
  return listsIn('movingAverageStep', inputs, ['average', 'value']);
}

export const MovingAverageStep: KernelDefinition<MovingAverageInputs, MovingAverageAttributes> = {
  name: 'MovingAverageStep',
  define: (inputs, { decay }) => {
    const { average, value } = movingAverageLists(inputs);
    average.forEach((a, i) => a.assign(tf.add(a, tf.mul(tf.sub(value[i]!, a), 1 - decay))));
    return [];
  },
};

/**
 * Moves the averages towards the values.
 *
 * @param averages a, any shapes
 * @param values x, one an average, of its shape
 * @param options.decay the share of a that stays, 0..1
 * @throws InputError when the lists or the shapes at one place differ
 */
export function movingAverageStep(
  averages: readonly tf.Variable[],
  values: readonly tf.Tensor[],
  { decay }: MovingAverageAttributes,
): void {
  const inputs = flatInputs('movingAverageStep', { average: averages, value: values });
  runKernel(MovingAverageStep, inputs, { decay });
}
