/** Arrays of NumPy in a zip, as numpy.savez and savez_compressed write them: each member is `<name>.npy`. */
import { npyArray } from './npy/read.ts';
import type { Source } from './source.ts';
import type { StoredArray } from './stored-array.ts';
import { openZip } from './zip/read.ts';

const EXTENSION = '.npy';

/** @throws DataError when it is no whole zip, or a member no whole .npy */
export async function npzArrays(source: Source): Promise<StoredArray[]> {
  const arrays: StoredArray[] = [];
  const zip = await openZip(source);
  for (const name of zip.names.filter((name) => name.endsWith(EXTENSION))) {
    const member = await zip.member(name);
    arrays.push(await npyArray(member.source, { ...member, name: name.slice(0, -EXTENSION.length) }));
  }
  return arrays;
}
