/** `failed.json` in the folder of a cell's run: why it ended, for whoever did not watch. The next start removes it. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@longtail/core/make-folder';
import * as z from 'zod';
import { writeJson } from '../stored-json.ts';

const schema = z.object({ sentence: z.string(), at: z.string() });

const pathOf = (folder: string): string => join(folder, 'failed.json');

export async function recordFailure(folder: string, sentence: string): Promise<void> {
  await makeFolder(folder);
  await writeJson(pathOf(folder), { sentence, at: new Date().toISOString() });
}

export const forgetFailure = (folder: string): Promise<void> => rm(pathOf(folder), { force: true });

/** Undefined where the last start did not fail. */
export async function failureOf(folder: string): Promise<string | undefined> {
  if (!existsSync(pathOf(folder))) return undefined;
  try {
    return schema.parse(JSON.parse(await readFile(pathOf(folder), 'utf8'))).sentence;
  } catch {
    return `${pathOf(folder)} is damaged`;
  }
}
