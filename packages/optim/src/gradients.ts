/** The gradients of a loss, or of the mean of several, in bounded memory. */
import { InputError } from '@longtail/core';
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

function gradientsOfOne(
  loss: LossFunction,
  variables: readonly tf.Variable[],
  { share }: { share: number },
): Gradients {
  const released = () => {
    const value = loss();
    if (!(value instanceof tf.Tensor) || value.rank !== 0)
      throw new InputError(
        `a loss must be a scalar tensor, but it is ${value instanceof tf.Tensor ? `[${value.shape}]` : `of type ${typeof value}`}; take the mean over the batch.`,
      );
    const shared = share === 1 ? value : tf.mul<tf.Scalar>(value, share);
    releaseAsGradientsGo();
    return shared;
  };
  const { value, grads } = freeingTape(() => tf.variableGrads(released, [...variables]));
  return { value, gradients: variables.map(({ name }) => grads[name] ?? undefined) };
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
 * @throws InputError when there is no loss, one is no scalar, or the sizes do not fit
 */
export function gradientsOf(
  losses: readonly LossFunction[],
  variables: readonly tf.Variable[],
  { sizes = losses.map(() => 1) }: { sizes?: readonly number[] | undefined } = {},
): Gradients {
  const total = sizes.reduce((a, b) => a + b, 0);
  if (
    losses.length === 0 ||
    sizes.length !== losses.length ||
    sizes.some((size) => !(size >= 0)) ||
    !(total > 0)
  )
    throw new InputError(
      `a step needs losses and a size >= 0 of each, not all 0, but got ${losses.length} losses of the sizes [${sizes}].`,
    );
  let all: Gradients | undefined;
  for (const [i, loss] of losses.entries()) {
    const one = gradientsOfOne(loss, variables, { share: sizes[i]! / total });
    all = all ? summed(all, one) : one;
  }
  return all!;
}
