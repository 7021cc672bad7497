/** A tar of which every byte follows from its entries: sorted, of one time, of nobody. */
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DataError } from '@longtail/core';
import { Header, Pax } from 'tar';

export interface Entry {
  readonly path: string;
  readonly from: { readonly text: string } | { readonly file: string } | { readonly link: string };
  readonly isProgram?: boolean;
}

const BLOCK = 512;
/** 2000-01-01: tar warns of times before that, as of 1970. */
const TIME = new Date(946_684_800_000);
const PIECE = 1 << 20;

const sizeOf = ({ from }: Entry): number => {
  if ('text' in from) return Buffer.byteLength(from.text);
  return 'file' in from ? statSync(from.file).size : 0;
};

function headerOf({ path, from, isProgram = false }: Entry, size: number): Buffer {
  const isLink = 'link' in from;
  const fields = {
    path,
    mode: isLink ? 0o777 : isProgram ? 0o755 : 0o644,
    size,
    mtime: TIME,
    type: isLink ? ('SymbolicLink' as const) : ('File' as const),
    uid: 0,
    gid: 0,
    ...(isLink && { linkpath: from.link }),
  };
  const block = Buffer.alloc(BLOCK);
  const isLong = new Header(fields).encode(block);
  return isLong ? Buffer.concat([new Pax({ ...fields, size }).encode(), block]) : block;
}

/**
 * @param entries in any order; each path once
 * @param options.onProgress bytes of files so far, and of all
 * @throws DataError when a file changes meanwhile
 */
export async function* tarOf(
  entries: readonly Entry[],
  { onProgress, signal }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array> {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const sizes = sorted.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const [i, entry] of sorted.entries()) {
    signal?.throwIfAborted();
    const size = sizes[i]!;
    yield headerOf(entry, size);
    let read = 0;
    for await (const piece of piecesOf(entry, size)) {
      signal?.throwIfAborted();
      yield piece;
      read += piece.length;
      onProgress?.(done + read, total);
    }
    if (read !== size)
      throw new DataError(`${entry.path} had ${size} bytes, and ${read} when it was read; start again.`);
    done += size;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* piecesOf({ from }: Entry, size: number): AsyncGenerator<Uint8Array> {
  if ('text' in from) yield Buffer.from(from.text);
  else if ('link' in from) return;
  else if (size <= PIECE) yield await readFile(from.file);
  else yield* createReadStream(from.file, { highWaterMark: PIECE });
}
