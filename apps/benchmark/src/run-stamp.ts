/**
 * What a stage's file was computed from, kept in its metadata: of equal stamps the numbers are equal. Its parts stay readable,
 * so that whoever cannot go on with a file can say what differs.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import { sha256Of } from './file-hash.ts';
import { isOwnModule, withoutEnding } from './own-module.ts';
import type { EngineName } from './results.ts';

export type Parts = Readonly<Record<string, string | number | boolean>>;

/**
 * The version of what the code computes. To be raised with every change after which the same recipe, seed and engine give other
 * numbers: files of before are then not gone on with, for half of a run by each would be the numbers of neither.
 */
const NUMERICS = 2;

/** What of every stage is known without its engine. */
export const versionParts: Parts = { numerics: NUMERICS };

/** Of each stage up to the one that wrote the file: the stamps of what it read are in it. */
export interface Stamp {
  readonly train: Parts;
  readonly extract?: Parts;
  readonly classify?: Parts;
}

const parts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const stampSchema: z.ZodType<Stamp> = z.object({
  train: parts,
  extract: parts.exactOptional(),
  classify: parts.exactOptional(),
});

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** For the metadata of a file. */
export function stampMetadata(stamp: Stamp): { stamp: string; stampHash: string } {
  const text = JSON.stringify(stamp);
  return { stamp: text, stampHash: hashOf(text) };
}

/** @returns undefined where there is no stamp, or it is not as it was written */
export function stampOf({ stamp: text, stampHash }: Readonly<Record<string, string>>): Stamp | undefined {
  if (text === undefined || hashOf(text) !== stampHash) return undefined;
  return stampSchema.safeParse(JSON.parse(text)).data;
}

/**
 * A part that goes by a name as that name; a module of one's own by its file's name and content, undefined where it is no more.
 * What that module imports is not looked at.
 */
export async function identity(name: string): Promise<string | undefined> {
  if (withoutEnding(name) === name) return name;
  if (!isOwnModule(name)) return undefined;
  return `${basename(name)} (sha256 ${hashOf(await readFile(name)).slice(0, 16)})`;
}

/** A file of weights by its name and content; '' where none is named, undefined where it is no more. */
export async function fileIdentity(path: string): Promise<string | undefined> {
  if (path === '') return '';
  if (!existsSync(path)) return undefined;
  return `${basename(path)} (sha256 ${(await sha256Of(path)).slice(0, 16)})`;
}

/** Whether a part goes by its content, which no flag can ask for. */
export const isOfContent = (part: Parts[string]): boolean => String(part).includes('sha256 ');

export const engineParts = ({ backend, device, autocast }: EngineName): Parts => ({
  backend,
  device,
  autocast: autocast ?? 'none',
  ...versionParts,
});

/** Options that came later: what files that do not name them were computed with. */
const BEFORE: Parts = {
  mixup: 0,
  experts: 1,
  baseline: 'none',
  retrain: 'classifier',
  headWeightDecay: 5e-4,
};

/** Heads alone decayed by 5e-4; parts of the network that were re-trained, by the decay of stage 1. */
const valueThere = (there: Parts | undefined, key: string): Parts[string] | undefined => {
  const isUnknown = key === 'headWeightDecay' && (there?.retrain ?? 'classifier') !== 'classifier';
  return there?.[key] ?? (isUnknown ? undefined : BEFORE[key]);
};

/** Whether a part is what it is in files that do not name it, or as it stands there. */
export const isSamePart = (
  there: Parts | undefined,
  key: string,
  value: Parts[string] | undefined,
): boolean => valueThere(there, key) === value;

/**
 * What is asked for and was not there, in words.
 *
 * @param options.of where the latter stands, instead of being asked for
 * @example
 * differences({ seed: 0, epochs: 12 }, { seed: 1, epochs: 12 }); // ['seed 0 there, 1 asked for']
 */
export function differences(
  there: Parts | undefined,
  asked: Parts,
  { of = 'asked for' }: { of?: string } = {},
): string[] {
  if (!there) return ['nothing there says what it was computed from'];
  return Object.entries(asked)
    .filter(([key, value]) => !isSamePart(there, key, value))
    .map(([key, value]) => `${key} ${valueThere(there, key) ?? 'unknown'} there, ${value} ${of}`);
}
