/**
 * A file that is whole or not there: written beside its place, under a name of its own that begins with the number of
 * this process, and renamed. A process that was killed leaves such a name; the next that writes the file removes it.
 */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { DataError } from '@longtail/core';

/** Written by this thread: several callers may write one file at once. */
let files = 0;

export type Pieces = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * @param path its folder is made where it is not there
 * @param pieces the content, one after another
 * @throws DataError when it cannot be written: a full disk, a folder of others. What was there before stays
 * @example
 * await writeWhole('results.json', '{}\n');
 */
export async function writeWhole(path: string, pieces: Pieces): Promise<void> {
  const temporary = `${path}.${process.pid}.${threadId}.${files++}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await removeLeftovers(path);
    await write(temporary, pieces);
    await rename(temporary, path);
  } catch (cause) {
    if (cause instanceof DataError) throw cause; // of the pieces
    const { code, message } = cause as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const found = isFull ? 'the disk is full' : message;
    throw new DataError(
      `expected to write ${path}, but ${found}; ${isFull ? 'make room' : `mend ${dirname(path)}`} and start again: what is written already is kept.`,
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
