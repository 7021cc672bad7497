/**
 * x W^T + b by oneDNN, which compiles a product for what the CPU has. Where MKL leaves AVX-512 alone that takes half of the time, from
 * some millions of multiply-adds on (an AMD EPYC of 2024, one and two threads; fewer gain nothing, or lose).
 */
import type { TorchBackend } from '../backend.ts';
import { call, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { native } from '../native.ts';
import { mklLeavesAvx512, oneDnn } from '../onednn.ts';

/** Multiply-adds. */
const LEAST = 2 ** 23;

export function isOneDnnFaster(size: number, { computeType }: TorchBackend): boolean {
  const isFloat32OnCpu = native().device.kind === 'cpu' && computeType === 'float32';
  return size >= LEAST && isFloat32OnCpu && mklLeavesAvx512() && oneDnn().isThere;
}

/** @param layer.weight float32 [O, I], in any order of memory */
export const linearProduct = (
  x: Handle,
  { weight, bias }: { weight: Handle; bias?: Handle | undefined },
): Handle => call('mkldnn::_linear_pointwise', x, weight, bias ? optional(bias) : null, 'none', [], null);
