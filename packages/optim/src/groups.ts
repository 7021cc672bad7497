/** What is trained: variables, or groups of them with a rate and a decay of their own (PyTorch's param_groups). */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectNumber } from './numbers.ts';

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
export function groupsOf(
  trained: Trained,
  { weightDecay }: { weightDecay: number },
): readonly Required<Group>[] {
  expectNumber('weightDecay', weightDecay);
  const isFlat = trained.every((one) => one instanceof tf.Tensor);
  const given = (isFlat ? [{ variables: trained }] : trained) as readonly Group[];
  const groups = given.map((group) => ({ rate: 1, weightDecay, ...group }));
  const seen = new Set<tf.Variable>();
  for (const { variables, rate, weightDecay: decay } of groups) {
    expectNumber("a group's rate", rate);
    expectNumber("a group's weightDecay", decay);
    for (const variable of expectVariables(variables)) {
      if (seen.has(variable))
        throw new InputError(`expected every variable once, but ${variable.name} is in two places.`, {
          name: variable.name,
        });
      seen.add(variable);
    }
  }
  if (seen.size === 0) throw new InputError('an optimizer needs at least one variable, but got none.');
  return groups;
}

/** @throws InputError when there is one that is no tf.Variable */
export function expectVariables(variables: readonly tf.Variable[]): readonly tf.Variable[] {
  const wrong = Array.isArray(variables) ? variables.findIndex((one) => !(one instanceof tf.Variable)) : 0;
  if (wrong === -1) return variables;
  throw new InputError(
    `expected tf.Variables, or groups { variables: [...] } of them, but number ${wrong} of a list is none.`,
    { index: wrong },
  );
}

/**
 * Weight decay for matrices and filters, and none for biases and the scales and offsets of norms, which are vectors: what
 * timm and most recipes of today do.
 *
 * @param options.rate of both groups
 * @returns two groups; the decay of the first is the optimizer's
 * @example
 * adamW(decayGroups(variables), { weightDecay: 0.05 });
 */
export function decayGroups(
  variables: readonly tf.Variable[],
  { rate = 1 }: { rate?: number } = {},
): readonly Group[] {
  return [
    { variables: variables.filter(({ rank }) => rank > 1), rate },
    { variables: variables.filter(({ rank }) => rank <= 1), rate, weightDecay: 0 },
  ];
}
