/** Which processes of this machine belong to a Slurm cluster, by their environment in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

const DAEMONS = ['munged', 'slurmctld', 'slurmscriptd', 'slurmd'];

/**
 * @param conf path of the cluster's slurm.conf
 * @returns the numbers of its daemons, and of its jobs with those who look after them; not a shell that exports SLURM_CONF
 */
export function processesOf(conf: string): { daemons: number[]; jobs: number[] } {
  const [daemons, jobs]: [number[], number[]] = [[], []];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!pid || pid === process.pid) continue;
    const read = (file: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8');
      } catch {
        return ''; // gone since, or of somebody else
      }
    };
    const environment = read('environ').split('\0');
    if (!environment.includes(`SLURM_CONF=${conf}`)) continue;
    const command = read('comm').trim();
    if (DAEMONS.includes(command)) daemons.push(pid);
    else if (command === 'slurmstepd' || environment.some((line) => line.startsWith('SLURM_JOB_ID=')))
      jobs.push(pid);
  }
  return { daemons, jobs };
}
