/** A filter for winograd-conv.ts: G g G^T, shape [16, blocks, inputs, outputs of a block]. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { permute, reshape, scoped, type Use } from '../shims.ts';
import { floats } from './spatial.ts';

const G = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
] as const;

/** The Kronecker product of G with itself, [16, 9]: both sides at once; and the same of a filter that is turned around. */
const ROWS = G.flatMap((row) => G.map((column) => row.flatMap((r) => column.map((c) => r * c))));
const BOTH = ROWS.flat();
const TURNED = ROWS.flatMap((row) => row.toReversed());

const BACK = Array.from({ length: 9 }, (_, place) =>
  ROWS.map((row, i) => row[place]! * ((i % 4 === 3) !== i >= 12 ? -1 : 1)),
).flat();

const product = (matrix: readonly number[], parts: Handle): Handle =>
  scoped((use) => call('aten::mm', use(floats(matrix, [16, 9])), use(reshape(parts, [9, -1]))));

/** Of a filter [3, 3, I, O]. Kept with it, unless it is being trained, and another in the next step. @param use frees it then */
export function transformed(
  filter: tf.TensorInfo,
  { block, backend }: { block: number; backend: TorchBackend },
  use: Use,
): Handle {
  const key = `winograd ${block}`;
  const [kept] = backend.keptWith(filter, key) ?? [];
  if (kept) return kept;
  const [, , inputs, outputs] = filter.shape as [number, number, number, number];
  const made = scoped((brief) => {
    const parts = brief(reshape(backend.handle(filter), [9, inputs, outputs / block, block]));
    return product(BOTH, brief(permute(parts, [0, 2, 1, 3])));
  });
  if (tf.engine().state.gradientDepth > 0) return use(made);
  backend.keepWith(filter, key, [made]);
  return made;
}

/** Of the filter that gives dX from dy: turned around, its inputs and outputs exchanged. */
export const transformedTurned = (
  filter: tf.TensorInfo,
  { block, backend }: { block: number; backend: TorchBackend },
): Handle =>
  scoped((use) => {
    const [, , inputs, outputs] = filter.shape as [number, number, number, number];
    const parts = use(reshape(backend.handle(filter), [9, inputs / block, block, outputs]));
    return product(TURNED, use(permute(parts, [0, 1, 3, 2])));
  });

/** G^T u G, shape [9, I * O], of what winograd-filter-grad.ts has summed: [16, I * O], the last row and column without their minus. */
export const untransformed = (sums: Handle): Handle =>
  scoped((use) => call('aten::mm', use(floats(BACK, [9, 16])), sums));
