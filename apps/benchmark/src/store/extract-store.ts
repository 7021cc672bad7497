/** Features of a recipe's pictures as a store: shard by shard, so that memory holds one and a stopped extraction goes on. */
import { UsageError } from '@longtail/core';
import type { Dataset, Transform } from '@longtail/datasets';
import { fingerprints } from '../data-fingerprint.ts';
import { evaluationTransform, transformText } from '../evaluation-transform.ts';
import type { Recipe, RecipeData } from '../recipe.ts';
import type { Parts } from '../run-stamp.ts';
import {
  isStore,
  ownShards,
  plannedOf,
  readManifest,
  SPLITS,
  type SplitName,
  type SplitPlan,
  type StoredShard,
  type StoreManifest,
  writeManifest,
} from './manifest.ts';
import type { Network } from './network.ts';
import type { StorePart } from './plan.ts';
import { expectSameStore } from './same-store.ts';
import { extractShard } from './shard-rows.ts';
import { damageOf, writeShard } from './write-shard.ts';

export interface StoreOptions {
  /** Default: float32. */
  readonly dtype?: StoreManifest['dtype'];
  /** Augmented passes over the training pictures; default: one by the evaluation transform. */
  readonly views?: number;
  /** Pictures a shard. Default: 4096, 32 MiB of 2048 float32. */
  readonly shardRows?: number;
  /** Default: all that the recipe has. */
  readonly splits?: readonly SplitName[];
  readonly part?: StorePart;
}

export interface StoreJob extends StoreOptions {
  readonly recipe: Pick<Recipe, 'name' | 'augment' | 'evaluate' | 'statistics'>;
  readonly seed: number;
  readonly onBadImage: 'fail' | 'skip';
  /** What else the numbers depend on: the weights, the layer, the engine. */
  readonly of: Parts;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface Extracted {
  readonly manifest: StoreManifest;
  /** Shards that were there already. */
  readonly kept: number;
}

interface Looking {
  readonly plans: readonly SplitPlan[];
  readonly transforms: Readonly<Partial<Record<SplitName, Transform>>>;
}

/** @throws UsageError for a split that the recipe does not have */
function datasetOf(data: RecipeData, name: SplitName): Dataset {
  const found = data[name];
  if (found) return found;
  throw new UsageError(`--splits names ${name}, which the recipe does not have; leave it out.`);
}

async function lookingAt(data: RecipeData, job: StoreJob): Promise<Looking> {
  const { recipe, onBadImage, views, splits = SPLITS.filter((name) => data[name]) } = job;
  if (views !== undefined && !splits.includes('train'))
    throw new UsageError('--views are of training pictures, but --splits leaves them out; name train, too.');
  const evaluation = await evaluationTransform(recipe, data, { onBadImage });
  const prints = await fingerprints(data);
  const isAugmented = (name: SplitName): boolean => name === 'train' && views !== undefined;
  const plans = splits.map(
    (name): SplitPlan => ({
      name,
      pictures: datasetOf(data, name).length,
      views: isAugmented(name) ? views! : 1,
      transform: isAugmented(name) ? `augmented ${transformText(recipe.augment)}` : evaluation.text,
      data: prints[name]!,
    }),
  );
  const transforms = splits.map((name) => [name, isAugmented(name) ? recipe.augment : evaluation.transform]);
  return { plans, transforms: Object.fromEntries(transforms) };
}

/** Shards that are there and whole. */
async function keptShards(folder: string, asked: StoreManifest): Promise<StoredShard[]> {
  if (!isStore(folder)) return [];
  const there = await readManifest(folder);
  expectSameStore(folder, { there, asked });
  const kept: StoredShard[] = [];
  for (const shard of there.shards) if (!(await damageOf(folder, shard))) kept.push(shard);
  return kept;
}

/** The manifest of a store without a shard. @throws UsageError for a part that would have none */
function emptyManifest(
  network: Network,
  { train: { classNames } }: RecipeData,
  { splits, job }: { splits: readonly SplitPlan[]; job: StoreJob },
): StoreManifest {
  const { dtype = 'float32', shardRows = 4096, part, of, seed, onBadImage } = job;
  const manifest: StoreManifest = {
    ...{ format: 'longtail features', version: 1 },
    of: { ...of, architecture: network.name, seed, onBadImage },
    ...{ dim: network.featureDim, dtype, shardRows, classNames: [...classNames] },
    ...(part && { part }),
    ...{ splits, shards: [] },
  };
  if (ownShards(manifest).length > 0) return manifest;
  throw new UsageError(
    `--shard ${part?.index}/${part?.of} is of ${part?.of} parts, but there are ${plannedOf(manifest).length} shards of ${shardRows} pictures; take fewer parts, or a smaller --shard-rows.`,
  );
}

/**
 * Makes a store, or goes on with the one in the folder at the first shard that is missing or damaged.
 *
 * @throws UsageError when the folder holds a store of something else, naming what; DataError for pictures that cannot be read, and
 *   features that are not finite or beyond float16; the signal's reason when it is aborted. Whole shards stay
 */
export async function extractStore(
  folder: string,
  network: Network,
  data: RecipeData,
  job: StoreJob,
): Promise<Extracted> {
  const { seed, onBadImage, signal, onProgress } = job;
  const { plans: splits, transforms } = await lookingAt(data, job);
  const asked = emptyManifest(network, data, { splits, job });
  const kept = await keptShards(folder, asked);
  const shards = new Map(kept.map((shard) => [shard.file, shard]));
  const own = ownShards(asked);
  const total = own.reduce((sum, { start, end }) => sum + end - start, 0);
  let done = 0;
  await writeManifest(folder, { ...asked, shards: kept });
  for (const shard of own) {
    const onBatch = (pictures: number): void => {
      done += pictures;
      onProgress?.(done, total, shard.file);
    };
    if (shards.has(shard.file)) {
      onBatch(shard.end - shard.start);
      continue;
    }
    const reading = { transform: transforms[shard.split]!, seed, onBadImage, signal, onBatch };
    const rows = await extractShard(network, data[shard.split]!, shard, reading);
    shards.set(shard.file, await writeShard(folder, shard, rows, asked));
    await writeManifest(folder, { ...asked, shards: [...shards.values()] });
  }
  return { manifest: await readManifest(folder), kept: kept.length };
}
