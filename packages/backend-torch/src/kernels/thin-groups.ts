/**
 * dW where groups are thinner than one of AVX-512's vectors, which oneDNN then fills in part: of groups taken together it
 * gives the products of all their channels, more than are wanted, in less time. Those within a group are the same to the bit.
 */
import { call } from '../dispatch.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { native } from '../native.ts';
import { cpuHas } from '../onednn.ts';
import { permute, reshape, scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';

const VECTOR = 16;
/** Measured down to these; of a single channel each, oneDNN has better ways. */
const THINNEST = 4;

/** How many groups to take together; 1: dW is as fast as it is. @param filter [h, w, I, O] */
export function groupsTogether({ groups, strides }: ConvAttributes, filter: readonly number[]): number {
  const [inputs, outputs] = [filter[2]!, filter[3]! / groups];
  const channels = Math.max(inputs, outputs);
  const isThin = groups > 1 && Math.min(inputs, outputs) >= THINNEST && channels <= VECTOR / 2;
  const gains = isThin && strides.every((step) => step === 1); // at stride 2 it takes as long either way
  if (!gains || native().device.kind !== 'cpu' || !cpuHas('avx512f')) return 1;
  let most = Math.floor(VECTOR / channels);
  while (groups % most) most--;
  return most;
}

/** dW of [h, w, together I, O] to that of [h, w, I, O]. */
export function withinGroups(dw: Handle, { groups }: ConvAttributes, together: number): Handle {
  const [height, width, all, outputs] = shapeOf(dw) as [number, number, number, number];
  const inputs = all / together;
  return scoped((use) => {
    const each = [groups / together, together, outputs / groups, height, width, together, inputs];
    const pairs = use(reshape(use(permute(dw, [3, 0, 1, 2])), each));
    const own = use(permute(use(call('aten::diagonal', pairs, 0, 1, 5)), [0, 5, 1, 2, 3, 4]));
    return permute(use(reshape(own, [outputs, height, width, inputs])), [1, 2, 3, 0]);
  });
}
