/**
 * The contract: what the processes of one training run tell one another. The words are MPI's. Every process makes the same
 * calls in the same order with lists of the same sizes; each call returns when its part is done.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { NumberArray, Operation } from './transport.ts';

export interface AllReduceOptions {
  /** The mean over the processes instead of the sum; of float32 tensors only. Default: false. */
  readonly mean?: boolean;
  /** How many bytes of small tensors travel in one call. Default: 25 MiB, as DistributedDataParallel's. */
  readonly bucketBytes?: number;
}

export interface Pending {
  /** Returns when the tensors hold what was asked for; until then they are not to be read, changed or disposed. */
  wait(): void;
}

export interface Collective {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** 'alone': one process, no library is loaded. */
  readonly transport: 'alone' | 'mpi';
  /**
   * Sums or means of tensors over all processes, element by element, in place: afterwards each of these tensors (variables
   * too) holds the result, the same on every process to the bit. Another tensor that shared its memory (a clone, a reshape)
   * keeps the old values. A tensor that is listed twice is summed once. Sums are float32, or int32 that wraps around.
   *
   * @param tensors float32 or int32, of any shape
   * @throws InputError for tensors of other types, disposed ones, or a mean of int32
   * @example
   * group.allReduce(gradients, { mean: true });
   */
  allReduce(tensors: readonly tf.Tensor[], options?: AllReduceOptions): void;
  /**
   * As {@link allReduce}, but returns at once: what the library can do by itself goes on while this process computes.
   *
   * @example
   * const pending = group.startAllReduce(gradientsOfLastStage, { mean: true });
   * // ... the rest of the backward pass
   * pending.wait();
   */
  startAllReduce(tensors: readonly tf.Tensor[], options?: AllReduceOptions): Pending;
  /**
   * Sums (or greatest, or least values) of arrays over all processes, in place, each in its own type: counts and metrics. One
   * that is listed twice is summed once.
   *
   * @example
   * group.reduceArrays([correctOfClass, countOfClass]);
   */
  reduceArrays(arrays: readonly NumberArray[], options?: { readonly operation?: Operation }): void;
  /**
   * @param bytes of this process, of any length
   * @returns those of all processes, in the order of their ranks, on every process
   */
  gather(bytes: Uint8Array): Uint8Array[];
  /**
   * Gives the values that tensors have on one process to the same tensors on all others, in place as {@link allReduce}.
   *
   * @param tensors float32, int32 or bool
   * @param options.root the process that has the values. Default: 0
   */
  broadcast(tensors: readonly tf.Tensor[], options?: { readonly root?: number }): void;
  /**
   * @param bytes on the root; elsewhere they are not read, and may be undefined
   * @returns the root's bytes
   */
  broadcastBytes(bytes: Uint8Array | undefined, options?: { readonly root?: number }): Uint8Array;
  /** Returns when every process has come here. */
  barrier(): void;
  /**
   * Ends every process at once: one sentence with the reason on stderr, then exit code `code`. Does not return.
   *
   * @param options.code from 1 to 255. Default: 1
   */
  abort(reason: string, options?: { readonly code?: number }): never;
  /** Leaves the group; the last call. Without it the process leaves when it exits. A second call does nothing. */
  close(): void;
}
