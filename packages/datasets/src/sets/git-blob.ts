/** A file's checksum as git computes it: SHA-1 of `blob SIZE\0` and the content. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { expectPath } from '../arguments.ts';
import { fileBytes } from '../lists/text-file.ts';

/**
 * @param path a file; of `NAME.gz` what it holds counts
 * @throws DataError when it cannot be read
 */
export async function gitBlob(path: string): Promise<string> {
  expectPath('path', path);
  let size = 0;
  if (path.endsWith('.gz')) for await (const chunk of fileBytes(path)) size += chunk.length;
  else
    size = await stat(path).then(
      ({ size }) => size,
      () => 0,
    ); // the reading below says what is wrong
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of fileBytes(path)) hash.update(chunk);
  return hash.digest('hex');
}
