/**
 * Arrays of NumPy in a zip, as numpy.savez writes them: each member `<name>.npy` is stored as it is, so its rows are
 * read by offset. What numpy.savez_compressed deflates can only be read from its start, and is refused.
 * A member's CRC-32 is of all its bytes, and is not checked when rows are read.
 */
import { DataError } from '@longtail/core';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { npyArray } from './npy.ts';
import type { OpenFile } from './open-file.ts';
import type { StoredArray } from './stored-array.ts';

const STORED = 0;
/** Names and headers are kept in memory. */
const MAX_MEMBERS = 10_000;

/** @throws DataError when it is no whole zip, a member is deflated or encrypted, or no whole .npy */
export async function npzArrays(file: OpenFile): Promise<StoredArray[]> {
  const arrays: StoredArray[] = [];
  for (const [entry, start] of await members(file)) {
    if (entry.compressionMethod !== STORED || entry.isEncrypted())
      throw new DataError(
        `${file.path}: expected arrays that are not compressed, but "${entry.fileName}" at byte ${start} is; save with numpy.savez, not numpy.savez_compressed.`,
        { path: file.path, offset: start, member: entry.fileName },
      );
    const name = entry.fileName.slice(0, -'.npy'.length);
    arrays.push(npyArray(file, { name, start, end: start + entry.compressedSize }));
  }
  return arrays;
}

/** The .npy members, and where the bytes of each begin. */
async function members(file: OpenFile): Promise<[Entry, start: number][]> {
  const found: [Entry, number][] = [];
  try {
    const zip = await fromRandomAccessReaderPromise(readerOf(file), file.size, {
      lazyEntries: true,
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) {
      if (found.length === MAX_MEMBERS) throw new Error(`more than ${MAX_MEMBERS} members`);
      if (entry.fileName.endsWith('.npy')) found.push([entry, await dataStart(zip, entry)]);
    }
  } catch (cause) {
    throw new DataError(
      `${file.path}: expected a whole zip of NumPy arrays (.npz) of ${file.size} bytes, but reading its directory failed (${(cause as Error).message}); write it again with numpy.savez.`,
      { path: file.path, size: file.size },
      { cause },
    );
  }
  return found;
}

/**
 * yauzl's own reader throws where nobody can catch it when an offset is none (seen with 3.4.0, at damaged zip64 fields). This
 * one calls back before it returns, so that whatever is thrown reaches the caller.
 */
function readerOf(file: OpenFile): RandomAccessReader {
  const read: RandomAccessReader['read'] = (buffer, offset, length, position, callback) => {
    if (!(position >= 0)) throw new Error(`a place in the file is ${position}`);
    file.readNow(position, length).copy(buffer, offset);
    callback(null);
  };
  return Object.assign(Object.create(RandomAccessReader.prototype), { read, refCount: 0 });
}

async function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
}
