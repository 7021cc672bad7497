/**
 * SGD with momentum and weight decay over all variables at once (the paper's optimizer, section 5.1 and the
 * official train_config; torch.optim.SGD's definition). Decoupled decay: SGDW (Loshchilov & Hutter, 2019).
 */
import { checkNumbers, checkOneOf, checkOptions, InputError } from '@longtail/core';
import { sgdMomentumStep } from '@longtail/kernels';
import type { Clip } from './clip.ts';
import type { Trained } from './groups.ts';
import { type Optimizer, optimizerOf, zerosFor } from './optimizer.ts';

export interface SgdOptions {
  /** In [0, 1). Default: 0.9. */
  readonly momentum?: number;
  readonly weightDecay?: number;
  /** Default: false, the decay is added to the gradients (L2). */
  readonly decoupled?: boolean;
  readonly nesterov?: boolean;
  readonly clip?: Clip;
}

/**
 * @param trained variables, or groups of them; any others the loss uses stay as they are
 * @throws InputError when a number is out of its range, or there is no variable, or one twice
 * @example
 * const optimizer = sgd(variables, { momentum: 0.9, weightDecay: 5e-4 });
 * const loss = optimizer.minimize(() => crossEntropy(head.logits(features), labels), { learningRate: 0.1 });
 *
 * sgd([{ variables: trainable(backbone), rate: 0.1 }, { variables: head.trainable }]);
 */
export function sgd(trained: Trained, options: SgdOptions = {}): Optimizer {
  const { momentum = 0.9, weightDecay = 0, clip } = checkOptions(options, { of: 'sgd' });
  const { decoupled = false, nesterov = false } = options;
  checkNumbers({ momentum }, { least: 0, below: 1 });
  checkOneOf({ decoupled, nesterov }, [true, false]);
  if (nesterov && momentum === 0)
    throw new InputError("Nesterov's step needs a momentum > 0, but momentum is 0.");
  return optimizerOf(trained, { weightDecay, clip }, (variables) => {
    const named = zerosFor(variables, 'velocity');
    return {
      state: new Map(named),
      step(moves) {
        for (const { variables: moved, gradients, places, learningRate, weightDecay: decay } of moves) {
          const velocities = places.map((place) => named[place]![1]);
          const how = { learningRate, momentum, weightDecay: decay, nesterov, decoupled };
          sgdMomentumStep(moved, gradients, velocities, how);
        }
      },
    };
  });
}
