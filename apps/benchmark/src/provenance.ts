/** What made the numbers of a run: code, machine, pictures and command of every process that had a part in them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { Dataset, FileDataset, Subset } from '@longtail/datasets';
import { type EngineName, type Provenance, provenanceSchema } from '@longtail/report/results';
import * as z from 'zod';
import type { RecipeData } from './recipe.ts';
import { remedies } from './remedies.ts';
import { readJson, writeJson } from './stored-json.ts';
import { commitOfBundle } from './version.ts';

/**
 * Of a subset of a published set its own hash, of the positions that it keeps; of other sets that of a line
 * `LABEL<tab>PATH` for each picture in order, paths as the list has them, empty where there are none.
 */
export function picturesHash(set: Dataset): string {
  const { hash: subset, list } = set as Partial<Subset & FileDataset>;
  if (subset !== undefined) return subset;
  const hash = createHash('sha256');
  for (let i = 0; i < set.length; i++) hash.update(`${set.labels[i]}\t${list?.path(i) ?? ''}\n`);
  return hash.digest('hex');
}

/** Of the checkout that a file belongs to; undefined where it is in none. */
async function commitOf(path: string): Promise<string | undefined> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', ['-C', dirname(path), ...args], { timeout: 5000 })).stdout.trim();
  try {
    await git('ls-files', '--error-unmatch', path); // a package in somebody else's repository is of none of its commits
    return await git('describe', '--always', '--dirty', '--abbrev=12', '--exclude', '*');
  } catch {
    return undefined;
  }
}

async function version(): Promise<string> {
  const path = findPackageJSON('..', import.meta.url)!;
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  const commit = (await commitOf(path)) ?? commitOfBundle();
  return `${manifest.version}${commit ? `, commit ${commit}` : ''}`;
}

/** Of this process. @param options.data the pictures, where it looks at any; options.processes that share the work */
export async function provenanceOf({
  engine,
  data,
  processes = 1,
}: {
  engine: EngineName;
  data?: RecipeData | undefined;
  processes?: number;
}): Promise<Provenance> {
  const models = cpus();
  return {
    date: new Date(Date.now() - 1000 * process.uptime()).toISOString(),
    command: `longtail ${process.argv.slice(2).join(' ')}`,
    longtail: await version(),
    node: process.version,
    engine,
    threads: Number(process.env.OMP_NUM_THREADS) || availableParallelism(),
    ...(processes > 1 && { processes }),
    cpu: `${models[0]?.model.trim() ?? 'unknown'} x ${models.length}`,
    ...(data && { pictures: hashes(data) }),
  };
}

const hashes = ({ train, validation, test }: RecipeData): NonNullable<Provenance['pictures']> => ({
  train: picturesHash(train),
  ...(validation && { validation: picturesHash(validation) }),
  test: picturesHash(test),
});

const fileOf = (folder: string): string => join(folder, 'made.json');

/** Every process that had a part in a run, none in runs of before. */
export async function readProvenance(folder: string): Promise<Provenance[]> {
  if (!existsSync(fileOf(folder))) return [];
  return readJson(fileOf(folder), { schema: z.array(provenanceSchema), ...remedies(folder).made });
}

/** Writes a process down that begins to compute, unless nothing but date and command would tell it from the last one. */
export async function recordProvenance(folder: string, made: Provenance): Promise<void> {
  const before = await readProvenance(folder);
  const last = before.at(-1);
  if (last && isDeepStrictEqual({ ...last, ...made }, { ...last, date: made.date, command: made.command }))
    return;
  await writeJson(fileOf(folder), [...before, made]);
}
