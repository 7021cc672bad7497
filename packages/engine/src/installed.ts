/** What an installation leaves in the cache, and whether it is still whole. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, exposure } from './cache.ts';

export interface Stamp {
  readonly version: string;
  /** sha256 by requirement. */
  readonly wheels: Readonly<Record<string, string>>;
  /** Sizes in bytes by path, checked whenever the installation is found again. */
  readonly files: Readonly<Record<string, number>>;
  /** Hashes of the files by path, checked by {@link changedBytes}; earlier stamps have none. */
  readonly sha256?: Readonly<Record<string, string>>;
}

export type EngineLibrary = 'torch' | 'tensorflow';
/** MPICH, and Open MPI: what starts the processes of a group, and carries their bytes. */
export type MpiLibrary = 'mpi' | 'openmpi';

export type Device = 'cpu' | 'gpu';

/** On macOS one installation does for both devices. */
export function installFolder(
  name: EngineLibrary | MpiLibrary,
  version: string,
  platform: string,
  device: Device = 'cpu',
): string {
  const suffix = device === 'gpu' && !platform.startsWith('darwin') ? '-gpu' : '';
  return join(cacheFolder(), `${name}-${version}-${platform}${suffix}`);
}

const stampOf = (folder: string): Stamp => JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8'));

/** Why an installation in the cache cannot be used, or undefined when it is whole and nobody else's. */
export function damage(folder: string): string | undefined {
  if (!existsSync(folder)) return 'nothing is installed in the cache';
  const exposed = exposure(cacheFolder()) ?? exposure(folder);
  if (exposed) return exposed;
  try {
    const { files } = stampOf(folder);
    const wrong = Object.entries(files).find(
      ([path, size]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size !== size,
    );
    if (!wrong)
      return Object.keys(files)
        .map((path) => exposure(join(folder, path)))
        .find(Boolean);
    return `${join(folder, wrong[0])} is not ${wrong[1]} bytes long, as it was when installed`;
  } catch {
    return `${folder} has no readable stamp.json`;
  }
}

export function hasHashes(folder: string): boolean {
  try {
    return stampOf(folder).sha256 !== undefined;
  } catch {
    return false;
  }
}

/** SHA-256 of each file, by path below a folder. */
export async function hashesOf(folder: string, paths: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const path of paths) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, path), { highWaterMark: 2 ** 20 }))
      hash.update(chunk);
    hashes[path] = hash.digest('hex');
  }
  return hashes;
}

/** As {@link damage}, but every byte is read (a second or two), where the stamp has hashes. */
export async function changedBytes(folder: string): Promise<string | undefined> {
  const broken = damage(folder);
  if (broken) return broken;
  const { sha256: expected = {} } = stampOf(folder);
  const found = await hashesOf(folder, Object.keys(expected));
  const changed = Object.keys(expected).find((path) => found[path] !== expected[path]);
  return changed && `${join(folder, changed)} has other bytes than when it was installed`;
}
