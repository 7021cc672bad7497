/**
 * The members of a zip (PKWARE's APPNOTE), each as a source: .npz and PyTorch's files are zips. A stored member is read by
 * offset, a deflated one is inflated into memory when it is asked for. Its CRC-32 is of all its bytes, and is not checked
 * when rows are read.
 */
import { DataError } from '@longtail/core';
import { type EntryMetaData, type Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-reader.js';
import { viewOf } from '../bytes.ts';
import { inflated, MAX_INFLATED } from '../inflate.ts';
import type { Source } from '../source.ts';

export interface Member {
  readonly name: string;
  /** What its bytes are read from, [start, end) of it. */
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

const [STORED, DEFLATED] = [0, 8];
/** Names and places are kept in memory. */
const MAX_MEMBERS = 100_000;
/** The local header, before the name and the extra field whose lengths it ends with. */
const LOCAL_HEADER = 30;

export interface Zip {
  readonly names: readonly string[];
  /** @throws DataError when there is none of this name, it is encrypted, or compressed otherwise than by DEFLATE */
  member(name: string): Promise<Member>;
}

/** @throws DataError when it is no whole zip */
export async function openZip(source: Source): Promise<Zip> {
  const entries = new Map((await entriesOf(source)).map((entry) => [entry.filename, entry]));
  return {
    names: [...entries.keys()],
    async member(name) {
      const entry = entries.get(name);
      if (!entry) throw refused(source, `it has no "${name.slice(0, 80)}"`);
      return memberOf(source, entry);
    },
  };
}

async function entriesOf(source: Source): Promise<EntryMetaData[]> {
  const entries: EntryMetaData[] = [];
  try {
    for await (const entry of new ZipReader(readerOf(source)).getEntriesGenerator()) {
      if (entries.length === MAX_MEMBERS) throw new Error(`more than ${MAX_MEMBERS} members`);
      entries.push(entry);
    }
  } catch (cause) {
    throw refused(source, `reading its directory failed (${(cause as Error).message})`, cause);
  }
  return entries;
}

/** What the library asks of its Reader. */
function readerOf(source: Source): Reader<Source> {
  const { size } = source;
  const readUint8Array = async (offset: number, length: number): Promise<Uint8Array> =>
    offset >= size ? new Uint8Array(0) : source.read(offset, Math.min(length, size - offset));
  return { size, readUint8Array, init: async () => {} } as unknown as Reader<Source>;
}

async function memberOf(source: Source, entry: EntryMetaData): Promise<Member> {
  const { filename: name, offset, compressedSize: length, uncompressedSize: size, compressionMethod } = entry;
  const is = (found: string) => refused(source, `"${name.slice(0, 80)}" at byte ${offset} ${found}`);
  if (entry.encrypted) throw is('is encrypted');
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw is(`is compressed by method ${compressionMethod}, not by DEFLATE`);
  if (compressionMethod === DEFLATED && size > MAX_INFLATED)
    throw is(
      `is compressed from ${size} bytes, of which at most ${MAX_INFLATED} are inflated; do not compress it`,
    );
  const start = offset + LOCAL_HEADER + (await nameAndExtra(source, offset));
  if (start + length > source.size) throw is(`is to end at byte ${start + length} of ${source.size}`);
  if (compressionMethod === STORED) return { name, source, start, end: start + length };
  return { name, source: inflated({ source, start, length, size }), start: 0, end: size };
}

async function nameAndExtra(source: Source, offset: number): Promise<number> {
  const view = viewOf(await source.read(offset, LOCAL_HEADER));
  if (view.getUint32(0, true) !== 0x04034b50) throw refused(source, `there is no member at byte ${offset}`);
  return view.getUint16(26, true) + view.getUint16(28, true);
}

function refused({ path, size }: Source, found: string, cause?: unknown): DataError {
  return new DataError(
    `${path}: expected a whole zip of ${size} bytes, but ${found}; write it again.`,
    { path, size },
    { cause },
  );
}
