/** The contract of every optimizer, and the part that all share: gradients, groups, clipping. */
import { checkFunctions, checkNumbers, checkObjects, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Clip, checkClip, clipOwned } from './clip.ts';
import { gradientsOf, type LossFunction, type OnGradient } from './gradients.ts';
import { type Group, groupsOf, type Trained } from './groups.ts';

/** Sums of gradients over the processes of a data-parallel training, while the backward pass goes on and after it. */
export interface Exchange {
  /** Before the pass is over, with the gradients of variables that the loss uses once. They are not to be changed yet. */
  readonly onGradient: OnGradient;
  /**
   * After the pass, with all of them: undefined where this process's loss does not depend on the variable.
   *
   * @returns what to step by, one a variable; the same tensors, or others, which are the step's to dispose
   */
  finish(
    variables: readonly tf.Variable[],
    gradients: readonly (tf.Tensor | undefined)[],
  ): readonly (tf.Tensor | undefined)[];
}

export interface MinimizeOptions {
  readonly learningRate: number;
  /** Of several losses: what each is a mean over, its number of samples. Default: equal. */
  readonly sizes?: readonly number[];
  /** What is done to the gradients before they are clipped and the variables stepped. Default: nothing. */
  readonly exchange?: Exchange;
}

export interface Optimizer {
  /**
   * Computes the loss, steps every variable that it depends on, and returns the loss. Several losses, those of the parts of
   * a large batch, are taken one after the other in the memory of one: the step is that of the large batch.
   *
   * @param loss a function of the variables, or several; its tensors are disposed
   * @returns a scalar tensor, the caller's to dispose; of several losses, their mean weighted by `sizes`
   * @throws InputError when the rate is negative or no number, a loss no scalar or of no variable, or the sizes do not fit;
   *   nothing has moved
   * @example
   * optimizer.minimize(parts.map((part) => () => lossOf(part)), { learningRate, sizes: parts.map((part) => part.size) });
   */
  minimize(loss: LossFunction | readonly LossFunction[], options: MinimizeOptions): tf.Scalar;
  /** What a checkpoint must keep, such as `velocity.0`: by the place of the variable in the order given. */
  readonly state: ReadonlyMap<string, tf.Variable>;
  /** Frees the state. The variables are the caller's. */
  dispose(): void;
}

/** What a step moves together, and by how much. */
export interface Move {
  readonly variables: readonly tf.Variable[];
  readonly gradients: readonly tf.Tensor[];
  /** The places of the variables in the order given. */
  readonly places: readonly number[];
  readonly learningRate: number;
  readonly weightDecay: number;
}

export interface Rule {
  readonly state: ReadonlyMap<string, tf.Variable>;
  readonly step: (moves: readonly Move[]) => void;
}

/** Zeros for each variable, by name: `velocity.0`, `velocity.1`. */
export function zerosFor(variables: readonly tf.Variable[], name: string): [string, tf.Variable][] {
  return variables.map((variable, i) => [
    `${name}.${i}`,
    tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
  ]);
}

function checkExchange(exchange: Exchange): void {
  checkObjects({ exchange });
  const { onGradient, finish } = exchange;
  checkFunctions({ 'onGradient of an exchange': onGradient, 'finish of an exchange': finish });
}

/** @param begin the optimizer's own part, for all variables in the order given */
export function optimizerOf(
  trained: Trained,
  { weightDecay, clip }: { weightDecay: number; clip?: Clip | undefined },
  begin: (variables: readonly tf.Variable[]) => Rule,
): Optimizer {
  if (clip !== undefined) checkClip(clip);
  const groups = groupsOf(trained, { weightDecay });
  const variables = groups.flatMap((group) => group.variables);
  const { state, step } = begin(variables);
  return {
    state,
    minimize(loss, options) {
      const { learningRate, sizes, exchange } = checkOptions(options, { of: 'minimize' });
      checkNumbers({ learningRate }, { least: 0 });
      if (exchange !== undefined) checkExchange(exchange);
      return tf.tidy(() => {
        const losses = Array.isArray(loss) ? loss : [loss as LossFunction];
        const { value, gradients } = gradientsOf(losses, variables, {
          sizes,
          onGradient: exchange?.onGradient,
        });
        const summed = exchange?.finish(variables, gradients) ?? gradients;
        step(movesOf(groups, summed, { clip, learningRate }));
        return value;
      });
    },
    dispose() {
      for (const variable of state.values()) variable.dispose();
    },
  };
}

/** A move a group, of the variables that the loss depends on; the others stay, as they do in PyTorch. */
function movesOf(
  groups: readonly Required<Group>[],
  gradients: readonly (tf.Tensor | undefined)[],
  { clip, learningRate }: { clip: Clip | undefined; learningRate: number },
): Move[] {
  const all = groups.flatMap((group) => group.variables.map((variable) => ({ group, variable })));
  const found = all.flatMap((one, place) => (gradients[place] ? [{ ...one, place }] : []));
  const given = found.map(({ place }) => gradients[place]!);
  const within = clip ? clipOwned(given, clip) : given;
  const slopes = found.map((one, i) => ({ ...one, gradient: within[i]! }));
  return groups.flatMap((group) => {
    const own = slopes.filter((one) => one.group === group);
    if (own.length === 0) return [];
    return {
      variables: own.map(({ variable }) => variable),
      gradients: own.map(({ gradient }) => gradient),
      places: own.map(({ place }) => place),
      learningRate: group.rate * learningRate,
      weightDecay: group.weightDecay,
    };
  });
}
