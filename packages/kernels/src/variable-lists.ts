/**
 * Steps take whole lists: variables, their gradients, and what the step keeps of each. A kernel's inputs are flat, so the
 * i-th tensor of a list is the input `name/i`; native kernels walk over the memory of all lists side by side.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

export type ListInputs = Readonly<Record<string, tf.Tensor>>;
export type Lists<Name extends string, T extends tf.Tensor = tf.Tensor> = Readonly<
  Record<Name, readonly T[]>
>;

/** @throws InputError when the lists or the shapes at one place differ */
function expectAlike(kernel: string, lists: Lists<string>): void {
  const named = Object.entries(lists);
  const [first, ...others] = named as [(typeof named)[0], ...typeof named];
  for (const [name, list] of others) {
    if (list.length !== first[1].length)
      throw new InputError(
        `${kernel} needs equal numbers of ${first[0]} and ${name}, but got ${first[1].length} and ${list.length}.`,
      );
    for (const [index, { shape }] of list.entries()) {
      const expected = first[1][index]!;
      if (!tf.util.arraysEqual(expected.shape, shape))
        throw new InputError(
          `${kernel} needs equal shapes, but ${(expected as tf.Variable).name ?? first[0]} is [${expected.shape}] and number ${index} of the ${name} [${shape}].`,
          { index },
        );
    }
  }
}

/** The flat inputs of a kernel. @throws InputError when the lists or the shapes at one place differ */
export function flatInputs(kernel: string, lists: Lists<string>): ListInputs {
  expectAlike(kernel, lists);
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, list] of Object.entries(lists))
    for (const [i, tensor] of list.entries()) inputs[`${name}/${i}`] = tensor;
  return inputs;
}

/**
 * The lists behind a kernel's flat inputs, what they hold taken for variables where they are changed.
 *
 * @throws InputError when the lists or the shapes at one place differ
 */
export function listsIn<Name extends string>(
  kernel: string,
  inputs: ListInputs,
  names: readonly Name[],
): Lists<Name, tf.Variable> {
  const lists = {} as Record<Name, tf.Variable[]>;
  for (const name of names) {
    lists[name] = [];
    for (let i = 0; `${name}/${i}` in inputs; i++) lists[name].push(inputs[`${name}/${i}`] as tf.Variable);
  }
  expectAlike(kernel, lists);
  return lists;
}
