/**
 * The entries of a tar, header by header: POSIX ustar; PAX (POSIX.1-2001), whose extended headers hold what ustar has no
 * room for; and GNU's long names. Contents are not read.
 */
import type { FileHandle } from 'node:fs/promises';
import { Header } from 'tar';
import { type PaxRecords, paxRecords } from './pax-records.ts';
import { TarError } from './tar-error.ts';

const BLOCK = 512;
const WINDOW = 1 << 20;
/** A name is no longer: what a header may claim is read at most so far. */
const MOST_METADATA = 1 << 20;

export interface TarEntry {
  readonly path: string;
  /** As the tar package has it: File, Link, SymbolicLink, Directory, ... */
  readonly type: string;
  /** Of a link. */
  readonly target: string;
  /** Byte of its header in the tar. */
  readonly at: number;
  /** Of the content in the tar, bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Bytes of a file by their place, through a window: headers of small files lie close together. */
function windowed(handle: FileHandle, size: number): (at: number, length: number) => Promise<Buffer> {
  let [bytes, start] = [Buffer.alloc(0), 0];
  return async (at, length) => {
    if (at + length > size) throw new TarError('it is cut short', size);
    if (at < start || at + length > start + bytes.length) {
      bytes = Buffer.alloc(Math.min(Math.max(WINDOW, length), size - at));
      start = at;
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
      if (bytesRead < length) throw new TarError('it is cut short', at + bytesRead);
    }
    return bytes.subarray(at - start, at - start + length);
  };
}

function headerOf(block: Buffer, at: number): Header {
  try {
    const header = new Header(block);
    if (header.cksumValid) return header;
  } catch {
    // a number that is none
  }
  throw new TarError('there is no header of a file', at);
}

/** A length in bytes. @throws TarError when it is none */
function lengthOf(value: number | undefined, at: number): number {
  if (Number.isSafeInteger(value) && value! >= 0) return value!;
  throw new TarError(`a length is ${value}`, at);
}

const GNU_NAMES: Readonly<Record<string, keyof PaxRecords>> = {
  NextFileHasLongPath: 'path',
  OldGnuLongPath: 'path',
  NextFileHasLongLinkpath: 'linkpath',
};
const METADATA: readonly string[] = [
  ...['ExtendedHeader', 'OldExtendedHeader', 'GlobalExtendedHeader'],
  ...Object.keys(GNU_NAMES),
];
/** Whatever their header says. */
const WITHOUT_CONTENT: readonly string[] =
  'Link SymbolicLink CharacterDevice BlockDevice Directory FIFO'.split(' ');

/**
 * @param handle of the tar
 * @param options.size of the tar, bytes
 * @throws TarError when it is none, or cut short
 */
export async function* tarEntries(
  handle: FileHandle,
  { size }: { size: number },
): AsyncGenerator<TarEntry, void, undefined> {
  const read = windowed(handle, size);
  let [everywhere, next]: [PaxRecords, PaxRecords] = [{}, {}];
  for (let at = 0; at < size; ) {
    const block = await read(at, BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const header = headerOf(block, at);
    const [{ type }, offset] = [header, at + BLOCK];
    const isMetadata = METADATA.includes(type);
    const records = isMetadata ? {} : { ...everywhere, ...next };
    const length = WITHOUT_CONTENT.includes(type) ? 0 : lengthOf(records.size ?? header.size, at);
    const end = offset + BLOCK * Math.ceil(length / BLOCK);
    if (end > size) throw new TarError('it is cut short', size);
    if (isMetadata) {
      if (length > MOST_METADATA) throw new TarError(`a name or its header has ${length} bytes`, at);
      const said = recordsOf(type, await read(offset, length), offset);
      if (type === 'GlobalExtendedHeader') everywhere = { ...everywhere, ...said };
      else next = { ...next, ...said };
    } else {
      yield entryOf(header, records, { at, offset, length });
      next = {};
    }
    at = end;
  }
}

/** What a header says of the file after it, or of all. */
function recordsOf(type: string, content: Buffer, at: number): PaxRecords {
  const key = GNU_NAMES[type];
  return key ? { [key]: untilZero(content) } : paxRecords(content, at);
}

function entryOf(
  header: Header,
  records: PaxRecords,
  where: Pick<TarEntry, 'at' | 'offset' | 'length'>,
): TarEntry {
  const [path, target] = [records.path ?? header.path ?? '', records.linkpath ?? header.linkpath ?? ''];
  if (records.isSparse)
    throw new TarError(`${path} is stored with holes (sparse), which is not read`, where.at);
  return { path, target, type: header.type, ...where };
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
