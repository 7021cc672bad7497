/**
 * `store.json`, what a store of features is of: the weights, the pictures and what was done to them, and the shards that are there.
 * A shard is a safetensors file of its own, with `features` [n, dim], `labels` [n] and `indices` [n], the positions of the pictures in
 * their split. Nothing in the manifest says when, where or in how many parts a store was made: equal stores are equal byte for byte.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Parts } from '../run-stamp.ts';
import { readJson, writeJson } from '../stored-json.ts';
import { type PlannedShard, plannedShards, type StorePart, shardsOfPart } from './plan.ts';

export const SPLITS = ['train', 'validation', 'test'] as const;
export const DTYPES = ['float32', 'float16'] as const;
export type SplitName = (typeof SPLITS)[number];

/** What a split of the store is to hold. */
export interface SplitPlan {
  readonly name: SplitName;
  readonly pictures: number;
  /** Passes over the pictures. */
  readonly views: number;
  /** Of pictures, in words. */
  readonly transform: string;
  /** The fingerprint of the pictures and their labels. */
  readonly data: string;
}

export interface StoredShard {
  /** In the folder of the store: `train/00000.safetensors`. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the file, in hex. */
  readonly sha256: string;
}

export interface StoreManifest {
  readonly format: 'longtail features';
  readonly version: 1;
  /** What the numbers depend on beside the pictures, by name: `weights`, `layer`, `seed`, ... */
  readonly of: Parts;
  readonly dim: number;
  readonly dtype: (typeof DTYPES)[number];
  /** Pictures a shard. */
  readonly shardRows: number;
  readonly classNames: readonly string[];
  /** Absent: the whole store. */
  readonly part?: StorePart;
  readonly splits: readonly SplitPlan[];
  /** Those that are written, in the order of the plan. */
  readonly shards: readonly StoredShard[];
}

const [count, size] = [z.int().min(0), z.int().min(1)];
const schema: z.ZodType<StoreManifest> = z.object({
  format: z.literal('longtail features'),
  version: z.literal(1),
  of: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  dim: size,
  dtype: z.enum(DTYPES),
  shardRows: size,
  classNames: z.array(z.string()).min(1),
  part: z.object({ index: size, of: size }).exactOptional(),
  splits: z
    .array(
      z.object({
        name: z.enum(SPLITS),
        pictures: size,
        views: size,
        transform: z.string(),
        data: z.string(),
      }),
    )
    .min(1),
  shards: z.array(
    z.object({
      file: z.string().regex(/^(train|validation|test)\/\d{5,}\.safetensors$/),
      rows: count,
      bytes: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

const pathOf = (folder: string): string => join(folder, 'store.json');
export const isStore = (folder: string): boolean => existsSync(pathOf(folder));

/** @throws DataError where there is none, or it is damaged */
export const readManifest = (folder: string): Promise<StoreManifest> =>
  readJson(pathOf(folder), {
    schema,
    after: `longtail extract ... --out ${folder}`,
    mend: `remove ${folder} and extract again, or take another copy`,
  });

type Planned = Pick<StoreManifest, 'splits' | 'shardRows' | 'part'>;

/** All shards of the whole store, in order. */
export const plannedOf = (manifest: Planned): PlannedShard[] =>
  manifest.splits.flatMap((split) => plannedShards(split, manifest));

/** Those that the store itself is to hold: of a part of one not all. */
export function ownShards(manifest: Planned): PlannedShard[] {
  const all = plannedOf(manifest);
  return manifest.part ? shardsOfPart(all, manifest.part) : all;
}

/** Writes it with the shards in the order of the plan. */
export async function writeManifest(folder: string, manifest: StoreManifest): Promise<void> {
  const written = new Map(manifest.shards.map((shard) => [shard.file, shard]));
  const shards = plannedOf(manifest).flatMap(({ file }) => written.get(file) ?? []);
  await writeJson(pathOf(folder), { ...manifest, shards });
}
