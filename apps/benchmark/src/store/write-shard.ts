/** One shard as a file: written whole, and named by its checksum in the manifest. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { encodeSafetensors, float16Of } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import { sha256Of } from '../file-hash.ts';
import type { StoredShard, StoreManifest } from './manifest.ts';
import type { PlannedShard } from './plan.ts';
import type { ShardRows } from './shard-rows.ts';

/** The largest half. */
const MOST_HALF = 65504;

function halves(values: Float32Array, shape: readonly number[], file: string): Uint16Array {
  const bits = float16Of({ shape, data: values });
  const infinite = bits.findIndex((half) => (half & 0x7fff) === 0x7c00);
  if (infinite < 0) return bits;
  throw new DataError(
    `expected features within ±${MOST_HALF}, the largest float16, but row ${Math.floor(infinite / shape[1]!)} of ${file} holds ${values[infinite]}; take --dtype float32.`,
    { file },
  );
}

/** @throws DataError for features beyond float16, and where nothing can be written */
export async function writeShard(
  folder: string,
  { file }: Pick<PlannedShard, 'file'>,
  { features, labels, indices }: ShardRows,
  { dtype, dim }: Pick<StoreManifest, 'dtype' | 'dim'>,
): Promise<StoredShard> {
  const rows = labels.length;
  const shape = [rows, dim];
  const data = dtype === 'float16' ? halves(features, shape, file) : features;
  const bytes = encodeSafetensors({
    features: { dtype, shape, data },
    labels: { shape: [rows], data: labels },
    indices: { shape: [rows], data: indices },
  });
  await writeWhole(join(folder, file), bytes);
  return { file, rows, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** What is wrong with a shard on disk, in words; undefined where it is as it was written. */
export async function damageOf(
  folder: string,
  { file, bytes, sha256 }: StoredShard,
  { verify = true }: { verify?: boolean } = {},
): Promise<string | undefined> {
  const path = join(folder, file);
  if (!existsSync(path)) return 'it is not there';
  const { size } = statSync(path);
  if (size !== bytes) return `it has ${size} bytes instead of ${bytes}`;
  if (!verify) return undefined;
  const found = await sha256Of(path);
  return found === sha256
    ? undefined
    : `its sha256 is ${found.slice(0, 16)}..., not ${sha256.slice(0, 16)}...`;
}
