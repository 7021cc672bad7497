/**
 * A file that is whole or not there: written beside its place, under a name of its own that begins with the number of
 * this process, and renamed. A process that was killed leaves such a name; the next that writes the file removes it. File and
 * folder are on the disk (fsync) when the write is over.
 */
import { copyFile, link, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { DataError, refusal } from '@longtail/core';
import { makeFolder } from '@longtail/core/make-folder';

/** Written by this thread: several callers may write one file at once. */
let files = 0;

export type Pieces = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * @param path its folder is made where it is not there
 * @param pieces the content, one after another
 * @param options.previous where what was there before stays, whole as well; default: nowhere
 * @throws DataError when it cannot be written: a full or read-only disk, a folder of others. What was there before stays
 * @example
 * await writeWhole('results.json', '{}\n');
 */
export async function writeWhole(
  path: string,
  pieces: Pieces,
  { previous }: { previous?: string } = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.${threadId}.${files++}.tmp`;
  try {
    await makeFolder(dirname(path));
    await removeLeftovers(path);
    await write(temporary, pieces);
    if (previous !== undefined) await keep(path, previous);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    if (cause instanceof DataError) throw cause; // of the pieces
    const { code, message } = cause as NodeJS.ErrnoException;
    // Of the temporary file, the path would be a riddle.
    const named = (cause as NodeJS.ErrnoException).path === temporary ? temporary : path;
    const { found, remedy } = refusal(cause, { of: named }) ?? {
      found: message,
      remedy: `mend ${dirname(path)}`,
    };
    throw new DataError(
      `expected to write ${path}, but ${found}; ${remedy}, and start again: what is written already is kept.`,
      { path, code },
      { cause },
    );
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined); // the error above says what is wrong
  }
}

async function write(path: string, pieces: Pieces): Promise<void> {
  const file = await open(path, 'w');
  try {
    const isOne = typeof pieces === 'string' || pieces instanceof Uint8Array;
    for await (const piece of isOne ? [pieces] : pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A second name for what is there, so that the first is never without a file. */
async function keep(path: string, previous: string): Promise<void> {
  await removeLeftovers(previous);
  const temporary = `${previous}.${process.pid}.${threadId}.${files++}.tmp`;
  const { code } = await link(path, temporary).then(
    () => ({ code: '' }),
    (error: NodeJS.ErrnoException) => error,
  );
  if (code === 'ENOENT') return; // nothing is there yet
  try {
    if (code) await copyFile(path, temporary); // a file system without links
    await rename(temporary, previous);
  } finally {
    await rm(temporary, { force: true }); // where both are the same file, a rename leaves both
  }
}

/** A name is on the disk once its folder is. Some systems and network disks cannot do that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR', 'EBADF', 'EACCES'].includes(code)) throw error;
  } finally {
    await handle?.close();
  }
}

/** Temporary files of this path, by processes that are no more. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start)) continue;
    const [, pid] = /^(\d+)(?:\.\d+\.\d+)?\.tmp$/.exec(name.slice(start.length)) ?? [];
    if (pid && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
