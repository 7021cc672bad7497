/** A row for a kernel of this package: a backend's own, or its definition over that backend's other kernels. */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from '../kernel.ts';
import { type Row, SUMS, type Table, type Tolerance } from './case.ts';

type Named = Readonly<Record<string, tf.Tensor>>;

export interface OwnOptions {
  readonly tolerance?: Tolerance;
  /** Inputs that the kernel changes in place: they come as variables, and are given back behind the outputs. */
  readonly changed?: RegExp;
  /** Inputs that follow from others. */
  readonly derived?: (inputs: Named, attributes: object) => Named;
}

export function ownRow<Inputs extends object, Attributes extends object>(
  kernel: KernelDefinition<Inputs, Attributes>,
  cases: Row['cases'],
  { tolerance = SUMS, changed, derived = () => ({}) }: OwnOptions = {},
): Table {
  const run: Row['run'] = (inputs, attributes) => {
    const all = { ...(inputs as Named), ...derived(inputs as Named, attributes) };
    const variables = Object.fromEntries(
      Object.entries(all).flatMap(([name, given]) =>
        changed?.test(name) ? [[name, tf.variable(given)]] : [],
      ),
    );
    const outputs = runKernel<tf.Tensor | tf.Tensor[], Inputs, Attributes>(
      kernel,
      { ...all, ...variables } as unknown as Inputs,
      attributes as Attributes,
    );
    const after = Object.values(variables).map((variable) => tf.tensor(variable.dataSync(), variable.shape));
    tf.dispose(variables);
    return [outputs, after].flat();
  };
  return { [kernel.name]: { cases, tolerance, run } };
}
