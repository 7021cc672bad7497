/** The gradients of a loss, or of the mean of several, in bounded memory. */
import { checkFunctions, checkLists, checkNumbers, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { releaseAsGradientsGo } from './release.ts';
import { freeingTape } from './tape.ts';

/** The mean loss of a batch; it may make the batch's tensors itself. Its tensors are disposed. */
export type LossFunction = () => tf.Scalar;

export interface Gradients {
  readonly value: tf.Scalar;
  /** One a variable; undefined where the loss does not depend on it. */
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/** Hears of a variable's gradient while the backward pass goes on: of those that the loss uses once. */
export type OnGradient = (variable: tf.Variable, gradient: tf.Tensor) => void;

function gradientsOfOne(
  loss: LossFunction,
  variables: readonly tf.Variable[],
  { share, onGradient }: { share: number; onGradient: OnGradient | undefined },
): Gradients {
  const released = () => {
    const value = loss();
    checkTensors({ 'a loss, the mean over a batch,': value }, { rank: 0 });
    const shared = share === 1 ? value : tf.mul<tf.Scalar>(value, share);
    const onWhole = (of: tf.Tensor, dx: tf.Tensor): void => {
      if (wanted.has(of)) onGradient!(of as tf.Variable, dx);
    };
    releaseAsGradientsGo(onGradient && { y: shared, onWhole });
    return shared;
  };
  const trained = variables.filter(({ trainable }) => trainable);
  const wanted = new Set<tf.Tensor>(trained);
  if (trained.length === 0)
    throw new InputError(`a step needs a trainable variable, but none of the ${variables.length} is.`);
  const { value, grads } = freeingTape(() => tf.engine().gradients(released, trained, undefined, true));
  if (!grads.some(Boolean))
    throw new InputError('a loss depends on none of the variables; compute it from them, inside of it.');
  const found = new Map(trained.map((variable, i) => [variable, grads[i]]));
  return { value, gradients: variables.map((variable) => found.get(variable)) };
}

/** Both summed; takes both over. */
function summed(a: Gradients, b: Gradients): Gradients {
  const sum = <T extends tf.Tensor>(x: T, y: T): T => {
    const result = tf.add<T>(x, y);
    tf.dispose([x, y]);
    return result;
  };
  return {
    value: sum(a.value, b.value),
    gradients: a.gradients.map((x, i) => {
      const y = b.gradients[i];
      return x && y ? sum(x, y) : (x ?? y);
    }),
  };
}

/**
 * The gradients of sum_i size_i loss_i / sum_i size_i. Each loss is through, and its tensors freed, before the next begins.
 *
 * @param options.sizes what each loss is a mean over: its number of samples, or the sum of their weights
 * @param options.onGradient of a single loss
 * @throws InputError when there is no loss, one is no function, gives no scalar or depends on no variable, or the sizes do not
 *   fit
 */
export function gradientsOf(
  losses: readonly LossFunction[],
  variables: readonly tf.Variable[],
  {
    sizes = losses.map(() => 1),
    onGradient,
  }: { sizes?: readonly number[] | undefined; onGradient?: OnGradient | undefined } = {},
): Gradients {
  for (const loss of losses) checkFunctions({ 'a loss': loss });
  checkLists({ sizes });
  sizes.forEach((size, i) => {
    checkNumbers({ [`sizes[${i}]`]: size }, { least: 0 });
  });
  const total = sizes.reduce((a, b) => a + b, 0);
  if (losses.length === 0 || sizes.length !== losses.length || total === 0)
    throw new InputError(
      `a step needs losses and a size >= 0 of each, not all 0, but got ${losses.length} losses of the sizes [${sizes}].`,
    );
  let all: Gradients | undefined;
  for (const [i, loss] of losses.entries()) {
    const one = gradientsOfOne(loss, variables, {
      share: sizes[i]! / total,
      onGradient: losses.length === 1 ? onGradient : undefined,
    });
    all = all ? summed(all, one) : one;
  }
  return all!;
}
