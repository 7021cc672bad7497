/** A filter for winograd.ts, G g G^T in its signs and factors, kept with the tensor for as long as that does not change. */
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, optional } from '../dispatch.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { permute, reshape, scoped } from '../shims.ts';
import { floats } from './spatial.ts';

const G = [
  [-1, 0, 0],
  [1, 1, 1],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
] as const;

/** The Kronecker product of G with itself, [16, 9]: both sides at once. */
const BOTH = G.flatMap((row) => G.flatMap((column) => row.flatMap((r) => column.map((c) => r * c))));

/**
 * Shape [3, 3, Cin, Cout] to [16 Cout, Cin, 1, 1], in the order in memory in which oneDNN multiplies so many tiles: for
 * another number it may order it anew in every call, which takes four times as long as the products.
 */
export function transformed(filter: Handle, { tiles }: { tiles: number }): Handle {
  const [, , inputs, outputs] = shapeOf(filter) as [number, number, number, number];
  return scoped((use) => {
    const places = use(reshape(use(permute(filter, [0, 1, 3, 2])), [9, outputs * inputs]));
    const products = use(call('aten::mm', use(floats(BOTH, [16, 9])), places));
    const weight = use(reshape(products, [16 * outputs, inputs, 1, 1]));
    const sizes = optional([1, 16 * inputs, 1, tiles]);
    return call('mkldnn::_reorder_convolution_weight', weight, [0, 0], [1, 1], [1, 1], 16, sizes);
  });
}

export function transformedOf(
  filter: tf.TensorInfo,
  backend: TorchBackend,
  { tiles }: { tiles: number },
): Handle {
  const key = `winograd ${tiles}`;
  const kept = backend.keptWith(filter, key);
  if (kept) return kept;
  const made = transformed(backend.handle(filter), { tiles });
  backend.keepWith(filter, key, made);
  return made;
}
