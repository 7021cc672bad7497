/** What started this process, as it tells by the environment. */

export interface Launcher {
  readonly name: string;
  /** Whose library its processes must load: `any` where it serves both. */
  readonly family: 'mpich' | 'openmpi' | 'any';
  /** How many processes it has started. */
  readonly size: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The size last: srun sets SLURM_STEP_* around its own PMI, too; a batch script outside of srun has neither. */
const LAUNCHERS: readonly (Omit<Launcher, 'size'> & { readonly variable: string })[] = [
  { name: 'mpirun of Open MPI', family: 'openmpi', variable: 'OMPI_COMM_WORLD_SIZE' },
  { name: 'mpirun of MPICH (or srun --mpi=pmi2)', family: 'mpich', variable: 'PMI_SIZE' },
  { name: 'srun', family: 'any', variable: 'SLURM_STEP_NUM_TASKS' },
];

/** @returns undefined for a process that is on its own */
export function findLauncher(environment: Environment = process.env): Launcher | undefined {
  const found = LAUNCHERS.find(({ variable }) => environment[variable] !== undefined);
  const size = Number(found && environment[found.variable]);
  return found && size > 1 ? { name: found.name, family: found.family, size } : undefined;
}
