/**
 * The per-user cache that all checkouts share: `LONGTAIL_CACHE`, or the platform's own cache folder. What lies in it is
 * loaded into the process, so nobody else may be able to write there.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import envPaths from 'env-paths';

/** @throws UsageError where `LONGTAIL_CACHE` is set and empty: that would be the folder one is in */
export function cacheFolder(): string {
  const { LONGTAIL_CACHE: named } = process.env;
  if (named?.trim() === '')
    throw new UsageError(
      'LONGTAIL_CACHE must name a folder, but it is empty; unset it for the default, or name one.',
    );
  return resolve(named ?? envPaths('longtail', { suffix: '' }).cache);
}

const ROOT = 0;

/** Who else could write to a file or folder of the cache, in words; undefined for nobody. Windows asks its own lists. */
export function exposure(path: string): string | undefined {
  const user = process.getuid?.();
  const found = statSync(path, { throwIfNoEntry: false });
  if (user === undefined || !found) return undefined;
  const { uid, mode } = found;
  if (uid !== user && uid !== ROOT) return `${path} belongs to another user (id ${uid}, yours is ${user})`;
  const others = mode & 0o022;
  return others === 0
    ? undefined
    : `${path} can be written by others (mode ${(mode & 0o777).toString(8)}; chmod go-w it)`;
}
