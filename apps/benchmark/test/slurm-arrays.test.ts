/** Cells as arrays and scripts of Slurm, without a Slurm. */
import { expect, it } from 'vitest';
import { requeueThis, thisJob } from '../src/slurm/this-job.ts';
import { arraysOf, arrayText, cellScript, reportScript } from '../src/sweep/slurm/arrays.ts';
import { sbatchOptions } from '../src/sweep/slurm/settings.ts';

it('makes an array a wave, and more where the cluster takes no such numbers', () => {
  const waves = [0, 0, 1, 1, 0, 1, 0];
  const cells = waves.map((wave, index) => ({ index, wave }));
  expect(arraysOf(cells, { size: 5 })).toEqual([
    { wave: 0, offset: 0, tasks: [0, 1, 4] },
    { wave: 0, offset: 5, tasks: [1] },
    { wave: 1, offset: 0, tasks: [2, 3] },
    { wave: 1, offset: 5, tasks: [0] },
  ]);
  expect(arraysOf(cells, { size: 1001 }).map(({ tasks }) => tasks)).toEqual([
    [0, 1, 4, 6],
    [2, 3, 5],
  ]);
});

it('writes the numbers as ranges, and how many may run at a time', () => {
  expect(arrayText([0, 1, 2, 3, 7, 9, 10], {})).toBe('0-3,7,9-10');
  expect(arrayText([5], { parallel: 2 })).toBe('5%2');
});

it('becomes the process that hears the signal, with as many threads as Slurm gives it', () => {
  const how = { command: 'longtail', folder: "/sweeps/it's" };
  expect(cellScript({ offset: 1001 }, { ...how, saveEvery: '5min' })).toBe(`#!/bin/sh
export OMP_NUM_THREADS="\${OMP_NUM_THREADS:-\${SLURM_CPUS_PER_TASK:-\${SLURM_CPUS_ON_NODE:-1}}}"
exec longtail sweep run-cell '/sweeps/it'\\''s' $((1001 + SLURM_ARRAY_TASK_ID)) --save-every '5min'
`);
  expect(reportScript({ command: 'longtail', folder: '/a' })).toBe(`#!/bin/sh
longtail sweep relaunch '/a'
case $? in
  0) exec longtail sweep collect '/a' ;;
  75) exit 0 ;; # the table comes after what was submitted
  *) exit 1 ;;
esac
`);
});

it('passes on what is said of tasks, and to the table what is as right for it', () => {
  const settings = { partition: 'gpu', time: '2:00:00', gres: 'gpu:1', cpus: '8', sbatch: '--nice=9  -x n7' };
  expect(sbatchOptions(settings, { of: 'task' })).toEqual([
    '--partition=gpu',
    '--time=2:00:00',
    '--gres=gpu:1',
    '--cpus-per-task=8',
    '--signal=B:USR1@120',
    '--nice=9',
    '-x',
    'n7',
  ]);
  const quoted = sbatchOptions({ sbatch: `--comment="it's mine" -x 'n7'` }, { of: 'task' });
  expect(quoted.slice(-3)).toEqual(["--comment=it's mine", '-x', 'n7']);
  expect(() => sbatchOptions({ sbatch: "--comment=it's" }, { of: 'task' })).toThrow('takes quotes in pairs');
  expect(sbatchOptions(settings, { of: 'report' })).toEqual(['--partition=gpu']);
  expect(() => sbatchOptions({ signal: '2min' }, { of: 'task' })).toThrow(
    '--with signal=SECONDS takes an integer, but got "2min".',
  );
});

it('names a task by its array, whose last task has the number of the array', async () => {
  const env = { SLURM_JOB_ID: '10', SLURM_ARRAY_JOB_ID: '10', SLURM_ARRAY_TASK_ID: '3' };
  expect(thisJob(env)).toBe('10_3');
  expect(thisJob({ SLURM_JOB_ID: '11' })).toBe('11');
  expect(thisJob({})).toBeUndefined();
  expect(await requeueThis({ SLURM_JOB_ID: '11' })).toBe(false); // no task
});
