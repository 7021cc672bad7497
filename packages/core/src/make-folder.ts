/**
 * A folder and those above it. Node's own `mkdir(path, { recursive: true })` never comes back where the system makes no
 * folders (/proc), and says "no such file" of a disk that is read-only.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * @param options.mode of the folders that are made
 * @throws the system's error, of the folder that cannot be made: EROFS, EACCES, ENOSPC, ENAMETOOLONG; EEXIST where a file
 *   stands in its place
 * @example
 * await makeFolder('runs/mine');
 */
export async function makeFolder(path: string, { mode = 0o777 }: { mode?: number } = {}): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (await isFolder(path)) return; // EEXIST, or EROFS of a folder that is there
    const parent = dirname(path);
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || parent === path || (await isFolder(parent))) throw error;
    await makeFolder(parent, { mode });
    await makeFolder(path, { mode });
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
