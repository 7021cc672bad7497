/** What `--with` says of Slurm, as options of sbatch. */
import { UsageError } from '@longtail/core';
import { COMMAND_HELP } from '../longtail-command.ts';

const SIGNAL_SECONDS = 120;

/** What sbatch takes by the same name. */
const PASSED = {
  partition: 'where the tasks go',
  account: 'who pays',
  qos: 'quality of service',
  time: 'limit of a task, such as 4:00:00; one that needs more is queued again, and goes on',
  gres: 'of a task, such as gpu:1',
  mem: 'of a task, such as 16G',
  constraint: 'of the node',
  reservation: 'to run in',
} as const;

/** Of those, what is as right for the report, which computes nothing. */
const FOR_REPORT = ['partition', 'account', 'qos', 'reservation'];

export const SLURM_SETTINGS: Readonly<Record<string, string>> = {
  ...PASSED,
  cpus: 'of a task',
  signal: `seconds before the limit at which a task saves and is queued again (default: ${SIGNAL_SECONDS})`,
  sbatch: 'more options of sbatch, such as "--exclude=node7 --nice=100"',
  command: COMMAND_HELP,
};

/** Taken apart at blanks, but for those within a pair of quotes: `--comment="two words"` is one. @throws UsageError for one quote alone */
function wordsOf(text: string): string[] {
  if (/["']/.test(text.replaceAll(/"[^"]*"|'[^']*'/g, '')))
    throw new UsageError(`--with sbatch=OPTIONS takes quotes in pairs, but got ${text}`);
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** @returns arguments of sbatch for a task, or for the report; the last of two that are the same wins */
export function sbatchOptions(
  settings: Readonly<Record<string, string>>,
  { of }: { of: 'task' | 'report' },
): string[] {
  const names = of === 'task' ? Object.keys(PASSED) : FOR_REPORT;
  const passed = names.flatMap((name) =>
    settings[name] === undefined ? [] : [`--${name}=${settings[name]}`],
  );
  if (of === 'report') return passed;
  const { cpus, signal = String(SIGNAL_SECONDS), sbatch = '' } = settings;
  if (!/^\d+$/.test(signal))
    throw new UsageError(`--with signal=SECONDS takes an integer, but got "${signal}".`);
  return [
    ...passed,
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    `--signal=B:USR1@${signal}`,
    ...wordsOf(sbatch),
  ];
}
