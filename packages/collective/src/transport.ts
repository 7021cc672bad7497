/** What carries bytes between the processes of a group, and the one that has nobody to carry them to. */
import type { DeviceMemory } from './memory.ts';

/** What can be summed, and received in place. */
export type NumberArray = Float32Array | Float64Array | Int32Array | BigInt64Array;

export type Operation = 'sum' | 'max' | 'min';

/** The same between the GPUs of the processes. Nothing waits: what a GPU does next comes after. */
export interface Devices {
  reduce(memories: readonly DeviceMemory[], options: { readonly mean: boolean }): void;
  broadcast(memories: readonly DeviceMemory[], root: number): void;
  close(): void;
}

/** Every process makes the same calls in the same order. All but startReduce return when their part is done. */
export interface Transport {
  readonly name: 'alone' | 'mpi';
  readonly rank: number;
  readonly size: number;
  /** The values are the group's, and may be touched again, when what it returns has been called. */
  startReduce(values: NumberArray, operation: Operation): () => void;
  broadcast(bytes: Uint8Array, root: number): void;
  barrier(): void;
  /** Loaded when it is first asked for. */
  devices(): Devices;
  /** Ends every process of the group, this one too. */
  abort(code: number): void;
  /** The last call. */
  close(): void;
}

const nothing = (): void => {};

/** One process: every value is the whole group's already. */
export const alone: Transport = {
  name: 'alone',
  rank: 0,
  size: 1,
  startReduce: () => nothing,
  broadcast: nothing,
  barrier: nothing,
  devices: () => ({ reduce: nothing, broadcast: nothing, close: nothing }),
  abort: nothing,
  close: nothing,
};
