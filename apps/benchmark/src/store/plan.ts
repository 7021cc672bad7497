/**
 * Which shard holds which pictures: shard k of a view holds the pictures [k rows, (k + 1) rows), whether they can be read or not. So a
 * shard is a function of the plan alone, and is made again, or on another machine, without the others.
 */
import type { SplitName, SplitPlan } from './manifest.ts';

export interface PlannedShard {
  readonly split: SplitName;
  /** In the folder of the store: `train/00000.safetensors`. */
  readonly file: string;
  /** From 0. */
  readonly view: number;
  /** Pictures [start, end) of the split. */
  readonly start: number;
  readonly end: number;
}

/** One of several extractions that make a store together; `index` counts from 1. */
export interface StorePart {
  readonly index: number;
  readonly of: number;
}

export function plannedShards(
  { name: split, pictures, views }: SplitPlan,
  { shardRows }: { shardRows: number },
): PlannedShard[] {
  const each = Math.ceil(pictures / shardRows);
  return Array.from({ length: views * each }, (_, k) => {
    const [view, start] = [Math.floor(k / each), (k % each) * shardRows];
    const file = `${split}/${String(k).padStart(5, '0')}.safetensors`;
    return { split, file, view, start, end: Math.min(start + shardRows, pictures) };
  });
}

/** Shards of a part, one behind the other; the parts are of one size, but for one shard. */
export function shardsOfPart<T>(shards: readonly T[], { index, of }: StorePart): T[] {
  const from = (part: number): number => Math.floor((part * shards.length) / of);
  return shards.slice(from(index - 1), from(index));
}
