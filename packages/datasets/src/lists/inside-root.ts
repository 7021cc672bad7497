/** Files of a folder and of no other: a list that was downloaded may not name what lies outside, by a link neither. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { DataError } from '@longtail/core';
import type { PictureFile } from '../dataset.ts';

const FOUND: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'it is not there',
  ELOOP: 'its links go round in a circle',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** What the system said about a file as an error of ours. */
export function fileError(path: string, place: string, cause: unknown): DataError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new DataError(
    `expected the picture ${path} (${place}), but ${FOUND[code] ?? `it cannot be read (${message})`}; mend the folder, or name another.`,
    { path, place },
    { cause },
  );
}

/** A link out of the folder that may be read. */
export const leadsOut = (path: string, place: string, root: string): DataError =>
  new DataError(
    `expected ${path} (${place}) to lie inside ${root}, but a link leads out of it; copy the picture, or name the folder it lies in.`,
    { path, root },
  );

/**
 * @param root folder; may be a link itself
 * @returns from a relative path (and where it was found, for messages) to the real one
 * @throws DataError when the file is not there, or a link leads out of the root
 */
export function insideRoot(root: string): (path: string, place: string) => PictureFile {
  let real: string | undefined;
  return (path, place) => {
    const joined = `${root}${sep}${path}`;
    try {
      real ??= realpathSync.native(root);
      const found = realpathSync.native(joined);
      if (found.startsWith(real.endsWith(sep) ? real : real + sep)) return { path: found };
    } catch (cause) {
      throw fileError(joined, place, cause);
    }
    throw leadsOut(joined, place, root);
  };
}
