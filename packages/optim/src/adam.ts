/**
 * Adam (Kingma & Ba, 2015) and AdamW (Loshchilov & Hutter, 2019) over all variables at once, torch.optim.Adam's and AdamW's
 * definition. A variable counts the steps that it takes part in.
 */
import { checkLists, checkNumbers, checkOptions } from '@longtail/core';
import { adamStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Clip } from './clip.ts';
import type { Trained } from './groups.ts';
import { type Optimizer, optimizerOf, zerosFor } from './optimizer.ts';

export interface AdamOptions {
  /** Each in [0, 1). Default: 0.9, 0.999. */
  readonly betas?: readonly [number, number];
  /** Above 0: without it, a gradient that was always 0 gives 0 / 0. Default: 1e-8. */
  readonly epsilon?: number;
  /** Default: 0 for `adam`, 0.01 for `adamW`. */
  readonly weightDecay?: number;
  readonly clip?: Clip;
}

function adamOf(
  trained: Trained,
  { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, clip }: AdamOptions,
  { decoupled }: { decoupled: boolean },
): Optimizer {
  checkLists({ betas });
  const [beta1, beta2] = betas;
  checkNumbers({ 'betas[0]': beta1, 'betas[1]': beta2 }, { least: 0, below: 1 });
  checkNumbers({ epsilon }, { above: 0 });
  return optimizerOf(trained, { weightDecay, clip }, (variables) => {
    const means = zerosFor(variables, 'mean');
    const squares = zerosFor(variables, 'square');
    // float32, as the rest of a checkpoint; exact up to 2^24 steps
    const counts = tf.tidy(() => tf.variable(tf.zeros([variables.length]), false));
    return {
      state: new Map([...means, ...squares, ['steps', counts]]),
      step(moves) {
        const done = Float32Array.from(counts.dataSync());
        for (const { variables: moved, gradients, places, learningRate, weightDecay: decay } of moves) {
          const steps = places.map((place) => ++done[place]!);
          const moments = {
            gradients,
            means: places.map((place) => means[place]![1]),
            squares: places.map((place) => squares[place]![1]),
          };
          const options = { learningRate, beta1, beta2, epsilon, weightDecay: decay, decoupled, steps };
          adamStep(moved, moments, options);
        }
        counts.assign(tf.tensor1d(done));
      },
    };
  });
}

/**
 * Weight decay, if any, is added to the gradients (L2).
 *
 * @param trained variables, or groups of them; any others the loss uses stay as they are
 * @throws InputError when a number is out of its range, or there is no variable, or one twice
 */
export function adam(trained: Trained, options: AdamOptions = {}): Optimizer {
  return adamOf(trained, checkOptions(options, { of: 'adam' }), { decoupled: false });
}

/**
 * Weight decay is of the weights alone: w <- (1 - learningRate weightDecay) w before each step.
 *
 * @param trained variables, or groups of them; any others the loss uses stay as they are
 * @throws InputError when a number is out of its range, or there is no variable, or one twice
 * @example
 * const optimizer = adamW(decayGroups(variables), { weightDecay: 0.05, clip: { norm: 1 } });
 */
export function adamW(trained: Trained, options: AdamOptions = {}): Optimizer {
  const { weightDecay = 0.01, ...others } = checkOptions(options, { of: 'adamW' });
  return adamOf(trained, { weightDecay, ...others }, { decoupled: true });
}
