/** Slurm's own commands. `sacct` needs a database that not every cluster has: what is over is read from the runs' folders. */
import { execFile } from 'node:child_process';
import { LongtailError, UsageError } from '@longtail/core';

/** @throws UsageError where the command is not there; LongtailError with Slurm's words where it refuses */
export function slurm(
  command: 'sbatch' | 'scancel' | 'scontrol' | 'squeue',
  args: readonly string[],
  { input = '' }: { input?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 1 << 28 }, (cause, stdout, stderr) => {
      if (!cause) return resolve(stdout.trim());
      if (cause.code === 'ENOENT')
        return reject(
          new UsageError(
            `expected Slurm's ${command}, but it is not on this machine; start the sweep where jobs are submitted, or with --launcher local.`,
          ),
        );
      const words = stderr.trim().replaceAll(`${command}: `, '').replaceAll('\n', '; ');
      reject(new LongtailError(`Slurm's ${command} ${args.join(' ')} failed: ${words}.`, {}, { cause }));
    });
    child.stdin!.on('error', () => {}); // of a command that ends before it has read: said above
    child.stdin!.end(input);
  });
}

/** A task of an array, or a job that is none, as long as Slurm knows of it: some minutes beyond its end. */
export interface Task {
  readonly job: string;
  /** Undefined of a job that is no array. */
  readonly task: number | undefined;
  /** PENDING, RUNNING, COMPLETING, CANCELLED, ... */
  readonly state: string;
  /** Why it waits. */
  readonly reason: string;
}

/**
 * @param jobs as sbatch has named them
 * @param options.states as squeue's `-t`; default: what waits or runs
 */
export async function tasksOf(
  jobs: readonly string[],
  { states }: { states?: string } = {},
): Promise<Task[]> {
  if (jobs.length === 0) return [];
  const args = ['-h', '-r', '-j', jobs.join(','), '-o', '%F|%K|%T|%r', ...(states ? ['-t', states] : [])];
  const text = await slurm('squeue', args).catch((error: Error) => {
    if (/Invalid job id/.test(error.message)) return ''; // all of them are over, and forgotten
    throw error;
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [job = '', task = '', state = '', reason = ''] = line.split('|');
      return { job, task: /^\d+$/.test(task) ? Number(task) : undefined, state, reason };
    });
}

/** How many tasks one array may have: an index must be below. */
export async function maxArraySize(): Promise<number> {
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm('scontrol', ['show', 'config']));
  return Number(found?.[1] ?? 1001);
}
