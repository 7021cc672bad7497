/** Where the stages of a run keep their arrays, and what they were computed from: SAMPLER/STAGE.safetensors. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArrays, openArrays } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import type * as z from 'zod';
import { type Stamp, stampOf } from './run-stamp.ts';
import { samplerLabel } from './samplers.ts';
import { areArraysWhole, isMetadataWhole, withHashes } from './stage-hash.ts';
import type { Remedy } from './stored-json.ts';

export const STAGE_FILES = ['representation', 'features', 'classifiers', 'predictions'] as const;
export type StageFile = (typeof STAGE_FILES)[number];

export const stageFile = (folder: string, sampler: string, stage: StageFile): string =>
  join(folder, samplerLabel(sampler), `${stage}.safetensors`);

/** The checkpoint before the one at `path`: the last two of a training are kept. */
export const previousOf = (path: string): string => path.replace(/\.safetensors$/, '.previous.safetensors');

/** The folder of the run that a stage's file is of. */
export const runOf = (path: string): string => dirname(dirname(path));

export async function writeArrays(
  path: string,
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>>,
  options: { previous?: string } = {},
): Promise<void> {
  await writeWhole(path, encodeSafetensors(arrays, withHashes(metadata, arrays)), options);
}

/** What a file says of itself. */
export interface StageHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** Absent in files that belong to no run. */
  readonly stamp?: Stamp;
  /** @throws DataError unless the metadata has this key, with JSON of the schema */
  json<T>(key: string, schema: z.ZodType<T>): T;
}

export interface StageArrays extends StageHeader {
  readonly arrays: NamedArrays;
  /**
   * @param shape null for any length of a dimension
   * @throws DataError unless an array of this name, type and shape is there
   */
  float32(name: string, shape: readonly (number | null)[]): { shape: readonly number[]; data: Float32Array };
  int32(name: string, shape: readonly (number | null)[]): { shape: readonly number[]; data: Int32Array };
}

/** Without its arrays. @throws DataError when the file is not there, or not whole; of the arrays, only their places are looked at */
export async function readHeader(path: string, remedy: Remedy): Promise<StageHeader> {
  const file = await whole(path, remedy, () => openArrays(path));
  await file.close();
  return header(file.metadata, { path, ...remedy });
}

/** @throws DataError when the file is not there, or not whole to the last bit */
export async function readArrays(path: string, remedy: Remedy): Promise<StageArrays> {
  const { arrays, metadata } = await whole(path, remedy, async () =>
    decodeSafetensors(await readFile(path), { source: path }),
  );
  const about = header(metadata, { path, ...remedy });
  if (!areArraysWhole(arrays, metadata))
    throw damaged(`expected the numbers that were written in ${path}, but their checksum is another`, {
      path,
      ...remedy,
    });
  const typed =
    <Data>(type: abstract new (...args: never) => Data) =>
    (name: string, shape: readonly (number | null)[]): { shape: readonly number[]; data: Data } => {
      const found = arrays.get(name);
      const fits =
        found?.shape.length === shape.length && shape.every((n, i) => n === null || n === found.shape[i]);
      if (found && fits && found.data instanceof type)
        return { shape: found.shape, data: found.data as Data };
      const expected = `${type.name.replace('Array', '').toLowerCase()} [${shape.map((n) => n ?? 'any')}]`;
      throw damaged(
        `expected "${name}" as ${expected} in ${path}, but found ${found ? `${found.dtype} [${found.shape}]` : 'none'}`,
        { path, ...remedy },
      );
    };
  return {
    ...about,
    arrays,
    float32: typed(Float32Array),
    int32: typed(Int32Array),
  };
}

type Place = Remedy & { readonly path: string };

function damaged(found: string, { path, after, mend = `run "${after}" again` }: Place): DataError {
  return new DataError(`${found}; ${mend}.`, { path });
}

async function whole<T>(path: string, remedy: Remedy, read: () => Promise<T>): Promise<T> {
  if (!existsSync(path))
    throw new DataError(`expected ${path}, but it is not there; run "${remedy.after}" before.`, { path });
  try {
    return await read();
  } catch (cause) {
    const { after, mend = `run "${after}" again` } = remedy;
    throw new DataError(`${(cause as Error).message} Where it is of a run: ${mend}.`, { path }, { cause });
  }
}

function header(metadata: Readonly<Record<string, string>>, place: Place): StageHeader {
  if (!isMetadataWhole(metadata))
    throw damaged(
      `expected the metadata that was written in ${place.path}, but its checksum is another`,
      place,
    );
  const stamp = stampOf(metadata);
  return {
    metadata,
    ...(stamp && { stamp }),
    json(key, schema) {
      try {
        return schema.parse(JSON.parse(metadata[key] ?? ''));
      } catch {
        throw damaged(
          `expected what a run writes as "${key}" into the metadata of ${place.path}, but found ${metadata[key]?.slice(0, 40) ?? 'none'}`,
          place,
        );
      }
    },
  };
}
