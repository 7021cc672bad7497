/** What is trained: variables, or groups of them with a rate and a decay of their own (PyTorch's param_groups). */
import { checkLists, checkNumbers, checkObjects, checkOptions, InputError } from '@longtail/core';
import { described } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

export interface Group {
  readonly variables: readonly tf.Variable[];
  /** Multiplies the learning rate of every step. Default: 1. */
  readonly rate?: number;
  /** Default: the optimizer's. */
  readonly weightDecay?: number;
}

export type Trained = readonly tf.Variable[] | readonly Group[];

/**
 * @returns groups with nothing left out
 * @throws InputError when there is no variable, one is in two places or is none, or a number is out of its range
 */
export function groupsOf(trained: Trained, options: { weightDecay: number }): readonly Required<Group>[] {
  checkNumbers({ weightDecay: options.weightDecay }, { least: 0 });
  checkLists({ 'what is trained': trained });
  const isFlat = trained.every((one) => one instanceof tf.Tensor);
  const given = (isFlat ? [{ variables: trained }] : [...trained]) as readonly Group[];
  const groups = given.map((group) => {
    checkObjects({ 'a variable or a group to train': group });
    const { variables, rate = 1, weightDecay = options.weightDecay } = group;
    checkLists({ "a group's variables": variables });
    checkNumbers({ "a group's rate": rate, "a group's weightDecay": weightDecay }, { least: 0 });
    return { variables, rate, weightDecay };
  });
  const all = groups.flatMap(({ variables }) => variables);
  checkVariables(all);
  if (all.length === 0) throw new InputError('an optimizer needs at least one variable, but got none.');
  return groups;
}

/** @throws InputError when there is one that is no tf.Variable, or is in two places */
export function checkVariables(variables: readonly tf.Variable[]): void {
  checkLists({ variables });
  const seen = new Set<tf.Variable>();
  for (const [index, variable] of variables.entries()) {
    if (!(variable instanceof tf.Variable))
      throw new InputError(`variables[${index}] must be a tf.Variable, but it is ${described(variable)}.`, {
        index,
      });
    if (seen.has(variable))
      throw new InputError(`expected every variable once, but ${variable.name} is in two places.`, {
        name: variable.name,
      });
    seen.add(variable);
  }
}

/**
 * Weight decay for matrices and filters, and none for biases and the scales and offsets of norms, which are vectors: what
 * timm and most recipes of today do.
 *
 * @param options.rate of both groups
 * @returns two groups; the decay of the first is the optimizer's
 * @throws InputError when a variable is none, or there twice, or the rate is negative
 * @example
 * adamW(decayGroups(variables), { weightDecay: 0.05 });
 */
export function decayGroups(
  variables: readonly tf.Variable[],
  options: { rate?: number } = {},
): readonly Group[] {
  const { rate = 1 } = checkOptions(options, { of: 'decayGroups' });
  checkNumbers({ rate }, { least: 0 });
  checkVariables(variables);
  return [
    { variables: variables.filter(({ rank }) => rank > 1), rate },
    { variables: variables.filter(({ rank }) => rank <= 1), rate, weightDecay: 0 },
  ];
}
