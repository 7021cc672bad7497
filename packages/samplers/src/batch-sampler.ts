/**
 * A sampler's epoch in batches, and their share of each of `ranks` processes. The epoch is cut into global batches of
 * ranks * batchSize; of each, rank r takes its r-th part. So the ranks' shares are disjoint and together are the epoch,
 * exactly, and R ranks step through the same images together as one process of R times the batch.
 * (PyTorch's DistributedSampler pads or drops until all ranks have as many.)
 */
import { checkIntegers, checkOptions, InputError } from '@longtail/core';
import { checkSampler, indicesOf, type Sampler } from './sampler.ts';

export interface BatchSampler extends Sampler {
  /** Batches of this rank an epoch. */
  readonly numBatches: number;
  /** This rank's batches of an epoch, in order: numBatches arrays of positions. */
  batches(epoch: number): Int32Array[];
}

export interface BatchOptions {
  /** Of one rank, an integer >= 1. */
  readonly batchSize: number;
  /** Leave out the last global batch if it is not whole; then every rank has as many batches. Default false. */
  readonly dropLast?: boolean;
  /** From 0 to before `ranks`. Default 0. */
  readonly rank?: number;
  /** Default 1. */
  readonly ranks?: number;
}

/** Where each of a rank's batches begins and ends in the epoch. The last may be smaller, and missing on some ranks. */
function bounds(
  length: number,
  { batchSize, dropLast = false, rank = 0, ranks = 1 }: BatchOptions,
): [start: number, end: number][] {
  const global = batchSize * ranks;
  const whole = Math.floor(length / global);
  const spans: [number, number][] = Array.from({ length: whole }, (_, i) => {
    const start = i * global + rank * batchSize;
    return [start, start + batchSize];
  });
  const [from, rest] = [whole * global, length % global];
  const part = (r: number) => from + Math.floor((rest * r) / ranks);
  if (!dropLast && part(rank + 1) > part(rank)) spans.push([part(rank), part(rank + 1)]);
  return spans;
}

/**
 * @returns the rank's share as a sampler (`indices` is its batches on end), with `batches`
 * @throws InputError for a bad batchSize, rank or ranks, or when dropLast leaves no batch; at an epoch, when the sampler's
 *   indices are not positions, or not as many as it says
 * @example
 * const sampler = batchSampler(classBalanced(labels, { seed: 0 }), { batchSize: 64, rank: 1, ranks: 4 });
 * for (const batch of sampler.batches(epoch)) step(batch);
 */
export function batchSampler(sampler: Sampler, options: BatchOptions): BatchSampler {
  const { batchSize, dropLast = false, rank = 0, ranks = 1 } = checkOptions(options, { of: 'batchSampler' });
  checkSampler(sampler);
  checkIntegers({ batchSize, ranks });
  checkIntegers({ rank }, { least: 0 });
  if (rank >= ranks)
    throw new InputError(`rank must be from 0 to ${ranks - 1}, but it is ${rank}.`, { rank, ranks });
  if (dropLast && sampler.length < batchSize * ranks)
    throw new InputError(
      `an epoch of ${sampler.length} images holds no whole batch of ${ranks} * ${batchSize}; take a smaller batchSize, or keep the last.`,
      { length: sampler.length, batchSize, ranks },
    );
  const spans = bounds(sampler.length, options);
  const batches = (epoch: number) => {
    const whole = indicesOf(sampler, { epoch });
    return spans.map(([start, end]) => whole.subarray(start, end));
  };
  const length = spans.reduce((sum, [start, end]) => sum + end - start, 0);
  return {
    name: sampler.name,
    length,
    numBatches: spans.length,
    batches,
    indices(epoch) {
      const share = new Int32Array(length);
      let at = 0;
      for (const batch of batches(epoch)) {
        share.set(batch, at);
        at += batch.length;
      }
      return share;
    },
  };
}
