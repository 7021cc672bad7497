/** Loads MPI's library and joins the group of the launcher. */
import { basename } from 'node:path';
import { EngineError } from '@longtail/core';
import koffi, { type LibraryHandle } from 'koffi';
import { type Abi, abiOf } from './abi.ts';
import { mpiCandidates } from './find-mpi.ts';
import type { Launcher } from './launcher.ts';

/** Handles are passed as 64-bit integers, whatever the interface makes of them. Each returns 0: an error ends the group by itself. */
const SIGNATURES = {
  initialise: 'int MPI_Init_thread(void*, void*, int, void*)',
  rank: 'int MPI_Comm_rank(intptr_t, void*)',
  size: 'int MPI_Comm_size(intptr_t, void*)',
  allReduce: 'int MPI_Iallreduce(intptr_t, void*, int, intptr_t, intptr_t, intptr_t, void*)',
  wait: 'int MPI_Wait(void*, intptr_t)',
  broadcast: 'int MPI_Ibcast(void*, int, intptr_t, int, intptr_t, void*)',
  barrier: 'int MPI_Ibarrier(intptr_t, void*)',
  abort: 'int MPI_Abort(intptr_t, int)',
  finalize: 'int MPI_Finalize()',
} as const;

/** MPI_THREAD_FUNNELED: Node has other threads, but only this one calls. */
const FUNNELED = 1;

export interface Mpi {
  readonly c: Readonly<Record<keyof typeof SIGNATURES, (...values: unknown[]) => number>>;
  readonly abi: Abi;
  readonly rank: number;
  readonly size: number;
}

const REMEDY =
  'install one (pip install mpich, apt install mpich, longtail engine install mpi) and start with its own mpirun, or name the library in LONGTAIL_MPI';

/** Open MPI's parts, which it loads later, look for its symbols among everybody's. */
const load = (path: string): LibraryHandle => koffi.load(path, { lazy: true, global: true });

/** @throws EngineError when none of them loads */
function firstOf(
  paths: readonly string[],
  { name, size }: Launcher,
): { library: LibraryHandle; path: string } {
  const why: string[] = [];
  for (const path of paths)
    try {
      return { library: load(path), path };
    } catch (error) {
      why.push(`${basename(path)}: ${(error as Error).message}`);
    }
  throw new EngineError(
    `${name} started ${size} processes, but no MPI library of its kind loads (${why[0]}); ${REMEDY}.`,
    { paths, why },
  );
}

/**
 * @param options.library its path; default: the launcher's
 * @param options.fallback tried where that does not load
 * @throws EngineError when there is none, it is no MPI, or another one than the launcher's
 */
export function loadMpi(
  launcher: Launcher,
  { library, fallback }: { library?: string; fallback?: string } = {},
): Mpi {
  const ofLauncher = [...mpiCandidates(launcher), ...(fallback ? [fallback] : [])];
  const found = firstOf(library ? [library] : ofLauncher, launcher);
  const abi = abiOf(found.library, found.path);
  const c = Object.fromEntries(
    Object.entries(SIGNATURES).map(([key, signature]) => [key, found.library.func(signature)]),
  ) as unknown as Mpi['c'];
  c.initialise(null, null, FUNNELED, new Int32Array(1));
  const number = (ask: (...values: unknown[]) => number): number => {
    const out = new Int32Array(1);
    ask(abi.world, out);
    return out[0]!;
  };
  const [rank, size] = [number(c.rank), number(c.size)];
  if (size !== launcher.size)
    throw new EngineError(
      `${launcher.name} started ${launcher.size} processes, but ${found.path} knows of ${size}: it is another MPI than the launcher's; ${REMEDY}, or, where each process is to be on its own, start them one by one (srun -n 1).`,
      { library: found.path, size },
    );
  return { c, abi, rank, size };
}
