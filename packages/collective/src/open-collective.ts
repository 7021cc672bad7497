/** The group that this process was started in. */
import { checkOptions, checkStrings } from '@longtail/core';
import type { Collective } from './collective.ts';
import { exitsOf } from './exits.ts';
import { groupOver } from './group.ts';
import { findLauncher } from './launcher.ts';
import { alone, type Transport } from './transport.ts';

export interface CollectiveOptions {
  /** The file of an MPI library. Default: `LONGTAIL_MPI`, or the launcher's own. */
  readonly library?: string;
  /** Tried last: for `srun`, beside which no library lies, where the system has none either. */
  readonly fallback?: string;
}

/** MPI is joined once in a process. */
let joined: Promise<Collective> | undefined;

/**
 * Joins the group that `mpirun` or `srun` has started this process in; without a launcher, or as its only process, a group of
 * one that loads no library. A process is in one group: a second call gives the same one.
 *
 * @throws EngineError when there is a launcher, but no MPI library that belongs to it
 * @example
 * const group = await openCollective();
 * group.allReduce(gradients, { mean: true });
 */
export async function openCollective(options: CollectiveOptions = {}): Promise<Collective> {
  const { library = process.env.LONGTAIL_MPI, fallback } = checkOptions(options, { of: 'openCollective' });
  if (library !== undefined) checkStrings({ library });
  if (fallback !== undefined) checkStrings({ fallback });
  joined ??= join({ ...(library !== undefined && { library }), ...(fallback !== undefined && { fallback }) });
  return joined;
}

async function join(options: CollectiveOptions): Promise<Collective> {
  const transport = await transportOf(options);
  return groupOver(transport, exitsOf(transport));
}

async function transportOf(options: CollectiveOptions): Promise<Transport> {
  const launcher = findLauncher();
  if (!launcher) return alone;
  const [{ loadMpi }, { overMpi }] = await Promise.all([import('./load-mpi.ts'), import('./mpi.ts')]);
  return overMpi(loadMpi(launcher, options));
}
