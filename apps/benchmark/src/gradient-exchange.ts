/**
 * The gradients of a step of several processes (Li et al., PyTorch Distributed, VLDB 2020, section 3.2.3): those of the backbone are summed,
 * in buckets, from the last layer to the first. A bucket starts as soon as its gradients are there and those before it have
 * started, so that all processes start the same ones in the same order, and MPI or NCCL carries it while the backward pass goes on.
 */
import type { Collective, Pending } from '@longtail/collective';
import { InputError } from '@longtail/core';
import type { Exchange } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

/** As DistributedDataParallel's. */
const BUCKET_BYTES = 25 * 2 ** 20;

const BYTES = 4;

/** Lists of variables of at most `bucketBytes`, or one larger one, from the last to the first. */
export function bucketsOf<T extends { readonly size: number }>(
  variables: readonly T[],
  bucketBytes: number,
): T[][] {
  const buckets: T[][] = [];
  let room = 0;
  for (const variable of [...variables].reverse()) {
    const bytes = variable.size * BYTES;
    if (buckets.length === 0 || bytes > room) {
      buckets.push([]);
      room = bucketBytes;
    }
    buckets.at(-1)!.push(variable);
    room -= bytes;
  }
  return buckets;
}

/**
 * @param summed variables whose gradients are sums over the processes; 0 of a process whose loss does not depend on one
 * @param options.same variables whose gradients every process computes from the whole batch: those of the first are taken
 * @throws InputError, as `finish`, where the optimizer lacks a variable of `summed`
 */
export function gradientExchange(
  collective: Collective,
  summed: readonly tf.Variable[],
  { same, bucketBytes = BUCKET_BYTES }: { same: readonly tf.Variable[]; bucketBytes?: number },
): Exchange {
  const buckets = bucketsOf(summed, bucketBytes);
  const isSummed = new Set(summed);
  const ready = new Map<tf.Variable, tf.Tensor>();
  const pending: Pending[] = [];

  function startWhole(): void {
    for (const bucket of buckets.slice(pending.length)) {
      if (!bucket.every((one) => ready.has(one))) return;
      pending.push(collective.startAllReduce(bucket.map((one) => ready.get(one)!)));
    }
  }

  return {
    onGradient(variable, gradient) {
      if (!isSummed.has(variable)) return;
      ready.set(variable, gradient);
      startWhole();
    },
    finish(variables, gradients) {
      for (const [i, variable] of variables.entries()) {
        if (!isSummed.has(variable) || ready.has(variable)) continue;
        ready.set(variable, gradients[i] ?? tf.zerosLike(variable));
      }
      startWhole();
      for (const one of pending) one.wait();
      const started = pending.splice(0).length;
      if (started < buckets.length)
        throw new InputError(
          'gradients that are summed over the processes must be of variables that the optimizer steps; give it all of them.',
        );
      const all = variables.map((variable, i) => ready.get(variable) ?? gradients[i]);
      ready.clear();
      const alike = new Set<tf.Variable>(same);
      collective.broadcast(all.filter((_, i) => alike.has(variables[i]!)) as tf.Tensor[]);
      return all;
    },
  };
}
