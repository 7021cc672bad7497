/**
 * Scores come in chunks and are not kept: an accumulator keeps sums. Counts and exact sums are integers (exact-sums.ts), so
 * the sums of shards, added up in any order, are the sums of the whole, to the last bit. Sums are plain arrays: they pass
 * between threads and processes as they are.
 */
import { checkFunctions, checkObjects, InputError, shown } from '@longtail/core';
import type { Chunk } from './scores.ts';

/** Sums by name; each array is added to its like. */
export type Sums<Name extends string = string> = Readonly<Record<Name, Float64Array>>;

export interface Accumulator<S extends Sums, Result> {
  /** Sums of nothing. */
  readonly empty: () => S;
  /** Adds to the sums in place; a chunk that is refused leaves them as they were. */
  readonly add: (sums: S, chunk: Chunk) => void;
  readonly result: (sums: S) => Result;
}

function checkAccumulator<S extends Sums, Result>(accumulator: Accumulator<S, Result>): void {
  checkObjects({ 'the accumulator': accumulator });
  const { empty, add, result } = accumulator;
  checkFunctions({ empty, add, result });
}

/**
 * @param chunks any iterable of rows of scores with their labels, each of any length
 * @returns the accumulator's result over all of them
 * @throws InputError as the accumulator's `add`
 * @example
 * measure([{ scores: [2, 1, 0, 3], labels: [0, 0] }], tallyOver({ numClasses: 2 })); // support [2, 0], hits [1, 0], ...
 */
export function measure<S extends Sums, Result>(
  chunks: Iterable<Chunk>,
  accumulator: Accumulator<S, Result>,
): Result {
  checkAccumulator(accumulator);
  if (typeof (chunks as Partial<Iterable<Chunk>> | null)?.[Symbol.iterator] !== 'function')
    throw new InputError(`chunks must be a list of { scores, labels }, but it is ${shown(chunks)}.`);
  const sums = accumulator.empty();
  checkObjects({ 'the empty sums of the accumulator': sums });
  for (const chunk of chunks) accumulator.add(sums, chunk);
  return accumulator.result(sums);
}

function checkAlike(sums: Sums, first: Sums): void {
  checkObjects({ 'the sums of a shard': sums });
  for (const name of Object.keys(first)) {
    const [found, like] = [sums[name], first[name]];
    if (!(found instanceof Float64Array) || !(like instanceof Float64Array) || found.length !== like.length)
      throw new InputError(
        `the sums of all shards must be alike, but ${name} is ${shown(found)} beside ${shown(like)}; take the same accumulator for all.`,
      );
  }
}

/**
 * @param shards sums of one accumulator over parts of the rows, or tallies; at least one
 * @returns the sums over all rows
 * @throws InputError where they are not sums of the same accumulator
 */
export function mergeSums<S extends Sums>(shards: Iterable<S>): S {
  if (typeof (shards as Partial<Iterable<S>> | null)?.[Symbol.iterator] !== 'function')
    throw new InputError(`shards must be a list of sums, but it is ${shown(shards)}.`);
  let total: S | undefined;
  for (const shard of shards) {
    checkAlike(shard, total ?? shard);
    total ??= Object.fromEntries(
      Object.entries(shard).map(([name, { length }]) => [name, new Float64Array(length)]),
    ) as S;
    for (const [name, into] of Object.entries(total) as [string, Float64Array][])
      for (let i = 0; i < into.length; i++) into[i]! += shard[name]![i]!;
  }
  if (total === undefined)
    throw new InputError('mergeSums needs the sums of at least one shard, but got none.');
  return total;
}
