/** Tensors for the machine code (machine/), which looks at nothing itself: floats, one after another. */
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call } from '../dispatch.ts';
import { dataAddress, emptyHandle, type Handle } from '../handle.ts';
import type { Cut } from '../machine/conv-plan.ts';
import { FLOAT } from '../machine/grouped-conv.ts';
import { together } from '../machine/routine.ts';
import { DATA, type Datum } from '../machine/units.ts';
import { reshape, scoped, type Use } from '../shims.ts';

export interface MachineOptions extends Cut {
  /** The result's. */
  readonly shape: readonly number[];
  readonly backend: TorchBackend;
  readonly isRelu?: boolean;
}

export interface ConvInputs {
  readonly x: tf.TensorInfo;
  /** [h, w, I, O] */
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

export const areFloats = (
  backend: TorchBackend,
  ...tensors: readonly (tf.TensorInfo | undefined)[]
): boolean =>
  backend.computeType === 'float32' && tensors.every((tensor) => !tensor || tensor.dtype === 'float32');

/** Where the values of a tensor of that shape lie in the order of its axes. */
export const dense = (handle: Handle, shape: readonly number[], use: Use): bigint =>
  dataAddress(use(call('aten::contiguous', use(reshape(handle, shape)), 0)));

interface Work {
  readonly routine: bigint;
  readonly units: number;
  readonly threads: number;
  /** Bytes of memory of its own for each thread. */
  readonly own: number;
  readonly data: Partial<Readonly<Record<Datum, bigint | undefined>>>;
}

export function run({ routine, units, threads, own, data }: Work): void {
  scoped((use) => {
    // All of them, even without a unit: libgomp ends those that are left out, and would begin others for the next operator.
    const busy = Math.min(threads, units);
    const copies = dataAddress(use(emptyHandle([(busy * own) / FLOAT], 'float32')));
    const all = { ...data, units: BigInt(units), copies };
    together(
      routine,
      BigInt64Array.from(DATA, (name) => all[name as Datum] ?? 0n),
      threads,
    );
  });
}
