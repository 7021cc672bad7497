/** What the operating system refuses, as a part of a sentence: its own words name neither the reason nor a remedy. */

export interface Refusal {
  /** After "but": `the disk is full (ENOSPC)`. */
  readonly found: string;
  /** After a semicolon: `make room, or name a folder on another disk`. */
  readonly remedy: string;
}

const ELSEWHERE = 'name a folder on another disk';
/** Of /proc and the like. */
const NO_PLACE = ['the system makes no folders there', 'name another place'] as const;
const REFUSALS: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', `make room, or ${ELSEWHERE}`],
  EDQUOT: ['your quota of the disk is used up', `make room, or ${ELSEWHERE}`],
  EROFS: ['the disk is read-only', ELSEWHERE],
  EACCES: ['you have no permission', 'ask its owner for it, or name another'],
  EPERM: ['the system does not permit it', 'name another'],
  ENOENT: ['it is not there', 'check how it is written, or name another'],
  ENOTDIR: ['a file stands where a folder should', 'check how it is written, or name another'],
  EEXIST: ['a file stands where a folder should', 'remove it, or name another'],
  EISDIR: ['it is a folder', 'name a file'],
  ENAMETOOLONG: ['a name in it is too long', 'take a shorter one'],
  ELOOP: ['its symbolic links lead back to themselves', 'mend them'],
  EMFILE: ['this process has too many files open', 'allow it more (ulimit -n)'],
  ENFILE: ['the system has too many files open', 'close other programs'],
  EIO: ['the disk does not answer', 'check it'],
};

/**
 * The reason and the remedy of an error of the file system, undefined of any other.
 *
 * @param options.of the path that the sentence names already
 * @example
 * const { found, remedy } = refusal(cause, { of: path }) ?? { found: cause.message, remedy: 'try again' };
 * throw new DataError(`expected to read ${path}, but ${found}; ${remedy}.`, { path }, { cause });
 */
export function refusal(error: unknown, { of }: { of?: string } = {}): Refusal | undefined {
  const { code, path, syscall } = (error ?? {}) as { code?: unknown; path?: unknown; syscall?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(REFUSALS, code)) return undefined;
  const isNoPlace = code === 'ENOENT' && syscall === 'mkdir';
  const [found, remedy] = isNoPlace ? NO_PLACE : REFUSALS[code]!;
  const where = typeof path === 'string' && path !== of ? ` at ${path}` : '';
  return { found: `${found} (${code}${where})`, remedy };
}
