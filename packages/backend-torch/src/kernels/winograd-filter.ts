/** A filter for winograd.ts, G g G^T, kept with the tensor for as long as that does not change. */
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, optional } from '../dispatch.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { permute, reshape, scoped, slice } from '../shims.ts';
import { floats } from './spatial.ts';

const G = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
] as const;

/** The Kronecker product of G with itself, [16, 9]: both sides at once. */
const BOTH = G.flatMap((row) => G.flatMap((column) => row.flatMap((r) => column.map((c) => r * c))));

/**
 * Shape [3, 3, Cin, Cout] to 16 of [Cout, Cin, 1, 1], in the order in memory in which oneDNN multiplies so many tiles:
 * for another number it may order them anew in every product, which takes four times as long as the product.
 */
export function transformed(filter: Handle, tiles: number): Handle[] {
  const [, , inputs, outputs] = shapeOf(filter) as [number, number, number, number];
  return scoped((use, own) => {
    const places = use(reshape(use(permute(filter, [0, 1, 3, 2])), [9, outputs * inputs]));
    const products = use(call('aten::mm', use(floats(BOTH, [16, 9])), places));
    const all = use(reshape(products, [16 * outputs, inputs, 1, 1]));
    const how = [[0, 0], [1, 1], [1, 1], 1, optional([1, inputs, 1, tiles])] as const;
    return Array.from({ length: 16 }, (_, i) => {
      const one = use(slice(all, 0, i * outputs, (i + 1) * outputs));
      return own(call('mkldnn::_reorder_convolution_weight', one, ...how));
    });
  });
}

export function transformedOf(
  filter: tf.TensorInfo,
  backend: TorchBackend,
  { tiles }: { tiles: number },
): readonly Handle[] {
  const key = `winograd ${tiles}`;
  const kept = backend.keptWith(filter, key);
  if (kept) return kept;
  const made = transformed(backend.handle(filter), tiles);
  backend.keepWith(filter, key, made);
  return made;
}
