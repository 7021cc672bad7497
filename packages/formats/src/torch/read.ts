/** A file of torch.save, told by its first bytes: a zip, or pickles one after another. */
import { DataError } from '@longtail/core';
import { latin1 } from '../bytes.ts';
import type { Source } from '../source.ts';
import type { StoredArray } from '../stored-array.ts';
import { legacyCheckpoint } from './legacy.ts';
import { contentsOf } from './listing.ts';
import { zipCheckpoint } from './zip.ts';

const PICKLE = 0x80;
/** Where POSIX's tar has its own magic number. */
const TAR = 257;
const OLDEST_MEMBERS = /^(sys_info|pickle|storages|tensors)\0/;

/** @throws DataError when torch.save did not write it so, or it is cut short or damaged */
export async function torchArrays(
  source: Source,
): Promise<{ arrays: StoredArray[]; metadata: Readonly<Record<string, string>> }> {
  const head = latin1(await source.read(0, Math.min(source.size, 512)));
  if (head.startsWith('PK\x03\x04')) return contentsOf(source, await zipCheckpoint(source));
  if (head.charCodeAt(0) === PICKLE) return contentsOf(source, await legacyCheckpoint(source));
  const { path } = source;
  throw new DataError(`${path}: expected a checkpoint of torch.save, but ${found(head)}.`, { path });
}

function found(head: string): string {
  if (OLDEST_MEMBERS.test(head))
    return "it is a tar, PyTorch's oldest format; in Python, write it again with torch.save(torch.load(path), path)";
  if (head.startsWith('ustar', TAR)) return 'it is a tar archive; extract it, and open the files in it';
  return `its first bytes are ${JSON.stringify(head.slice(0, 16))}; fetch it again, or name its \`format\``;
}
