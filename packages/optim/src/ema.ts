/**
 * Exponential moving averages of weights, a <- decay a + (1 - decay) w after each step, from a = w on: timm's ModelEmaV2, and
 * torch.optim.swa_utils' AveragedModel with get_ema_multi_avg_fn whose first update comes before the first step.
 */
import { checkFunctions, checkNumbers, checkOptions, InputError } from '@longtail/core';
import { movingAverageStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkVariables } from './groups.ts';

export interface Ema {
  /** To be called after each step. @throws InputError inside of {@link swapped} */
  update(): void;
  /** Runs an evaluation with the averages in the variables' place; the weights are back after it, also on a throw. */
  swapped<T>(run: () => T | Promise<T>): Promise<T>;
  /** The averages, what a checkpoint must keep: `average.0` is the first variable's. */
  readonly state: ReadonlyMap<string, tf.Variable>;
  /** Frees the averages. The variables are the caller's. */
  dispose(): void;
}

/**
 * @param variables weights, and the running statistics of batch norms where there are any, as timm averages them
 * @param options.decay the share of the average that stays, in [0, 1)
 * @throws InputError when the decay is out of its range or there is no variable, or one twice
 * @example
 * const averages = ema([...backbone.weights.values(), ...head.weights.values()], { decay: 0.999 });
 * optimizer.minimize(loss, { learningRate });
 * averages.update();
 * const accuracy = await averages.swapped(() => evaluate(backbone, head));
 */
export function ema(variables: readonly tf.Variable[], options: { decay?: number } = {}): Ema {
  const { decay = 0.9999 } = checkOptions(options, { of: 'ema' });
  checkNumbers({ decay }, { least: 0, below: 1 });
  checkVariables(variables);
  if (variables.length === 0) throw new InputError('an average needs at least one variable, but got none.');
  const averages = variables.map((variable) => tf.tidy(() => tf.variable(tf.clone(variable), false)));
  let isSwapped = false;
  const swap = () => {
    isSwapped = !isSwapped;
    for (const [i, variable] of variables.entries())
      tf.tidy(() => {
        const weights = tf.clone(variable);
        variable.assign(averages[i]!);
        averages[i]!.assign(weights);
      });
  };
  const expectWeights = () => {
    if (isSwapped)
      throw new InputError('the averages are in the place of the weights; wait for swapped() to end.');
  };
  return {
    update() {
      expectWeights();
      movingAverageStep(averages, variables, { decay });
    },
    async swapped(run) {
      checkFunctions({ run });
      expectWeights();
      swap();
      try {
        return await run();
      } finally {
        swap();
      }
    },
    state: new Map(averages.map((average, i) => [`average.${i}`, average])),
    dispose() {
      for (const average of averages) average.dispose();
    },
  };
}
