/** The processes that `mpirun` or `srun` has started together: cores and GPU of each, and how they end. */
import { availableParallelism, cpus, hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Collective } from '@longtail/collective';
import { keepLauncher } from '@longtail/collective/keep-launcher';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { alone, type Ranks, together } from '../ranks.ts';
import { hush } from './terminal.ts';

interface Place {
  readonly host: string;
  /** Cores that the process may use, and those that there are. */
  readonly cores: number;
  readonly all: number;
}

let joined: Collective | undefined;

/**
 * Joins the others before the engine is loaded, which reads how many threads it may have. Of the ranks the first alone prints.
 *
 * @param signal that stops this process
 */
export async function join(signal: AbortSignal): Promise<Ranks> {
  const { openCollective } = await import('@longtail/collective'); // with tfjs, which --help can do without
  const collective = await openCollective(await installedForSlurm());
  if (collective.size === 1) return alone(signal);
  joined = collective;
  if (collective.rank > 0) hush();
  const own: Place = { host: hostname(), cores: availableParallelism(), all: cpus().length };
  const text = new TextEncoder().encode(JSON.stringify(own));
  const places = collective.gather(text).map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Place);
  const threads = Number(process.env.OMP_NUM_THREADS) || threadsOf(own, places);
  process.env.OMP_NUM_THREADS = String(threads);
  process.env.CUDA_VISIBLE_DEVICES ??= String(placeOnHost(own.host, places, collective.rank));
  return together(collective, { signal, threads });
}

/** Beside `srun` no MPI lies: that of `longtail engine install mpi` speaks to it, too. */
async function installedForSlurm(): Promise<{ fallback?: string }> {
  if (process.env.SLURM_STEP_NUM_TASKS === undefined) return {};
  const { findMpi } = await import('@longtail/engine');
  const found = findMpi();
  return typeof found === 'string' ? {} : { fallback: resolve(found.library, 'libmpi_abi.so.1') };
}

/** Whether errors are printed by {@link leave}, with the rank that they are of. */
export const isOneOfSeveral = (): boolean => joined !== undefined;

/** Its cores, where each process of the machine is bound to some of its own; else an equal share of them. */
export function threadsOf({ host, cores, all }: Place, places: readonly Place[]): number {
  const here = places.filter((one) => one.host === host);
  const together = here.reduce((sum, one) => sum + one.cores, 0);
  return together <= all ? cores : Math.max(1, Math.floor(cores / here.length));
}

/** How many processes of lower rank the machine has: which of its GPUs is this one's, unless the environment says so. */
const placeOnHost = (host: string, places: readonly Place[], rank: number): number =>
  places.slice(0, rank).filter((one) => one.host === host).length;

/** First thing: the program begins again where that makes its memory steady. */
export async function beginSteadily(): Promise<void> {
  await keepLauncher();
  steadyMalloc();
}

/** What fails on all processes alike is said by the first. */
const FOR_THE_FIRST_MS = 2000;

/**
 * The end of this process, in a group: where all have stopped, all leave; any other end is that of all processes, with its reason.
 *
 * @param options.all whether the others end in the same way by themselves
 */
export async function leave(reason: string, { code, all }: { code: number; all: boolean }): Promise<void> {
  if (!joined || code === 0) return;
  if (all) return joined.close();
  if (joined.rank > 0) await setTimeout(FOR_THE_FIRST_MS);
  joined.abort(reason, { code });
}
