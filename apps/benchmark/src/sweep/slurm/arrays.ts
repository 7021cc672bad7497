/** Cells as Slurm's job arrays: which tasks, and the scripts that they execute. */
import type { Cell } from '../cell.ts';
import { quoted, runCell } from '../longtail-command.ts';

/** Task t of it is cell offset + t. */
export interface JobArray {
  readonly wave: number;
  readonly offset: number;
  readonly tasks: readonly number[];
}

/**
 * An array a wave, and more where the indices do not fit into one.
 *
 * @param options.size indices of an array are below it
 */
export function arraysOf(
  cells: readonly Pick<Cell, 'index' | 'wave'>[],
  { size }: { size: number },
): JobArray[] {
  const arrays = new Map<string, { wave: number; offset: number; tasks: number[] }>();
  for (const { index, wave } of cells) {
    const offset = index - (index % size);
    const key = `${wave} ${offset}`;
    if (!arrays.has(key)) arrays.set(key, { wave, offset, tasks: [] });
    arrays.get(key)!.tasks.push(index - offset);
  }
  return [...arrays.values()].sort((a, b) => a.wave - b.wave || a.offset - b.offset);
}

/** As `--array` takes it: `0-3,7%2`, the last where only so many may run at a time. */
export function arrayText(tasks: readonly number[], { parallel }: { parallel?: number | undefined }): string {
  const ranges: [number, number][] = [];
  for (const task of tasks) {
    const last = ranges.at(-1);
    if (last && last[1] === task - 1) last[1] = task;
    else ranges.push([task, task]);
  }
  const text = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  return parallel === undefined ? text : `${text}%${parallel}`;
}

/** Slurm signals the shell alone, which must therefore become the process that is to hear it. */
export const cellScript = (
  { offset }: Pick<JobArray, 'offset'>,
  how: { command: string; folder: string; saveEvery?: string | undefined },
): string => `#!/bin/sh
export OMP_NUM_THREADS="\${OMP_NUM_THREADS:-\${SLURM_CPUS_PER_TASK:-\${SLURM_CPUS_ON_NODE:-1}}}"
${runCell(`$((${offset} + SLURM_ARRAY_TASK_ID))`, how)}
`;

/** After all cells: again those that were killed, else the table. */
export const reportScript = ({ command, folder }: { command: string; folder: string }): string => `#!/bin/sh
${command} sweep relaunch ${quoted(folder)}
case $? in
  0) exec ${command} sweep collect ${quoted(folder)} ;;
  75) exit 0 ;; # the table comes after what was submitted
  *) exit 1 ;;
esac
`;
