/** Jobs of Slurm as a process sees them: the one that it is in, and one that it has heard of. */
import { slurm } from './commands.ts';

/**
 * The job that a process is in, as Slurm's commands take it. SLURM_JOB_ID would not do in an array: the number of its last task
 * is the number of the whole array.
 */
export function thisJob(
  {
    SLURM_ARRAY_JOB_ID: array,
    SLURM_ARRAY_TASK_ID: task,
    SLURM_JOB_ID: job,
  }: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return array && task ? `${array}_${task}` : job || undefined;
}

/**
 * Has Slurm start this task again later, from where it has saved: after the signal that goes before the limit of time, or a
 * SIGTERM in the grace before preemption. Whoever is cancelled or requeued by Slurm itself hears a SIGTERM, too, but runs no more
 * by Slurm's own words; to requeue that would undo a cancellation.
 *
 * @returns whether it has
 */
export async function requeueThis(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const job = thisJob(env);
  if (job === undefined || env.SLURM_ARRAY_TASK_ID === undefined) return false;
  try {
    if ((await slurm('squeue', ['-h', '-j', job, '-o', '%T'])) !== 'RUNNING') return false;
    await slurm('scontrol', ['requeue', job]);
    return true;
  } catch {
    return false; // the job behind all others finds a cell that is not done
  }
}

/** Whether a job runs no more, by Slurm's own words; false where nobody can say. */
export async function isOver(job: string): Promise<boolean> {
  try {
    return (
      (await slurm('squeue', ['-h', '-j', job, '-t', 'RUNNING,COMPLETING,SUSPENDED', '-o', '%T'])) === ''
    );
  } catch (error) {
    return /Invalid job id/.test((error as Error).message);
  }
}
