/**
 * The checksums of a stage's file, in its metadata: `arrays` is of all numbers, and looked at where these are read;
 * `metadataHash` of all else that the metadata says, `arrays` too, which costs nothing. Files of before lack one or both.
 */
import { createHash } from 'node:crypto';
import type { NamedArrays } from '@longtail/formats';
import { hashBytes } from './hash-bytes.ts';

type Metadata = Readonly<Record<string, string>>;

/** SHA-256 over every array's name and bytes. */
function arraysHash(arrays: NamedArrays): string {
  const hash = createHash('sha256');
  for (const name of [...arrays.keys()].sort()) {
    hash.update(name);
    hashBytes(hash, arrays.get(name)!.data);
  }
  return `sha256 ${hash.digest('hex')}`;
}

function hashOfMetadata({ metadataHash: _, ...said }: Metadata): string {
  const text = JSON.stringify(Object.entries(said).sort());
  return `sha256 ${createHash('sha256').update(text).digest('hex')}`;
}

/** The metadata with both. */
export function withHashes(metadata: Metadata, arrays: NamedArrays): Metadata {
  const said = { ...metadata, arrays: arraysHash(arrays) };
  return { ...said, metadataHash: hashOfMetadata(said) };
}

export const isMetadataWhole = (metadata: Metadata): boolean =>
  metadata.metadataHash === undefined || metadata.metadataHash === hashOfMetadata(metadata);

export const areArraysWhole = (arrays: NamedArrays, { arrays: written }: Metadata): boolean =>
  written === undefined || written === arraysHash(arrays);
