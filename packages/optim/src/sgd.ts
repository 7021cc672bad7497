/**
 * SGD with momentum and weight decay over all variables at once (the paper's optimizer, section 5.1 and the
 * official train_config; torch.optim.SGD's definition).
 */
import {
  checkFunctions,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
} from '@longtail/core';
import { checkTensors, sgdMomentumStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { releaseAsGradientsGo } from './release.ts';

export interface SgdOptions {
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly nesterov?: boolean;
}

export interface Sgd {
  /**
   * Computes the loss, steps every variable at `learningRate`, and returns the loss.
   *
   * @param loss a function of the variables; its tensors are disposed
   * @returns a scalar tensor, the caller's to dispose
   */
  minimize(loss: () => tf.Scalar, options: { learningRate: number }): tf.Scalar;
  /** The momentum of each variable, in their order: what a checkpoint must keep. */
  readonly velocities: readonly tf.Variable[];
  /** Frees the velocities. The variables are the caller's. */
  dispose(): void;
}

function gradients(
  loss: () => tf.Scalar,
  variables: readonly tf.Variable[],
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  try {
    const released = () => {
      const value = loss();
      checkTensors({ 'the loss': value }, { rank: 0 });
      releaseAsGradientsGo();
      return value;
    };
    return tf.variableGrads(released, [...variables]);
  } catch (error) {
    // tfjs keeps what it saved for a gradient that will now never run.
    const { activeTape, gradientDepth } = tf.engine().state;
    if (gradientDepth === 0) for (const { saved } of activeTape ?? []) tf.dispose(saved ?? []);
    throw error;
  }
}

/**
 * @param variables what is trained; any others the loss uses stay as they are
 * @throws InputError when a number is out of range, or what is to be trained no variable
 * @example
 * const optimizer = sgd(variables, { momentum: 0.9, weightDecay: 5e-4 });
 * const loss = optimizer.minimize(() => crossEntropy(head.logits(features), labels), { learningRate: 0.1 });
 */
export function sgd(variables: readonly tf.Variable[], options: SgdOptions = {}): Sgd {
  const { momentum = 0.9, weightDecay = 0, nesterov = false } = checkOptions(options, { of: 'sgd' });
  checkNumbers({ momentum, weightDecay }, { least: 0 });
  checkOneOf({ nesterov }, [true, false]);
  checkLists({ variables });
  if (variables.length === 0) throw new InputError('variables must hold one to train, but there is none.');
  variables.forEach((variable, i) => {
    checkTensors({ [`variables[${i}]`]: variable });
  });
  const velocities = variables.map((variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false)));
  return {
    velocities,
    minimize(loss, step) {
      const { learningRate } = checkOptions(step, { of: 'minimize' });
      checkNumbers({ learningRate });
      checkFunctions({ loss });
      return tf.tidy(() => {
        const { value, grads } = gradients(loss, variables);
        const slopes = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
        sgdMomentumStep(variables, slopes, velocities, { learningRate, momentum, weightDecay, nesterov });
        return value;
      });
    },
    dispose() {
      for (const velocity of velocities) velocity.dispose();
    },
  };
}
