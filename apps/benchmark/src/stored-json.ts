/** JSON files of a run: written whole, and nothing of them believed that is not checked. */
import { readFile } from 'node:fs/promises';
import { DataError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import type * as z from 'zod';

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 1)}\n`);
}

/** How a file can be had again, as errors say it. */
export interface Remedy {
  /** The command that writes it. */
  readonly after: string;
  /** What to do where it is damaged; default: that command, which does not read it. */
  readonly mend?: string;
}

/** @throws DataError when the file is not there, is no JSON, or holds something else */
export async function readJson<T>(
  path: string,
  { schema, after, mend = `run "${after}" again` }: Remedy & { schema: z.ZodType<T> },
): Promise<T> {
  const damaged = (found: string, cause?: unknown): DataError =>
    new DataError(`expected the JSON of a run in ${path}, but ${found}; ${mend}.`, { path }, { cause });
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw damaged(cause.message, cause);
    throw new DataError(`expected ${path}, but it is not there; run "${after}" before.`, { path });
  });
  if (text.trim() === '') throw damaged('it is empty');
  const value = parsed(text, damaged);
  const { error } = schema.safeParse(value);
  if (!error) return value as T; // not what the schema makes of it, which lacks what it does not know
  throw damaged(firstWrong(error), error);
}

function firstWrong({ issues: [first] }: z.ZodError): string {
  const { path: place, message } = first!;
  const what = place.length > 0 ? `"${place.join('.')}"` : 'it';
  return message.endsWith('received undefined') ? `${what} is not there` : `${what} is wrong (${message})`;
}

function parsed(text: string, damaged: (found: string, cause: unknown) => DataError): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
}
