/** What processes hold of the machine's memory, as Linux says it. */
import { readFileSync } from 'node:fs';

/** The bytes of a line such as `VmHWM: 123 kB`; undefined where there is no such process, or no /proc. */
function statusOf(pid: number, line: 'VmHWM' | 'VmRSS'): number | undefined {
  try {
    const [, kilobytes] =
      new RegExp(`^${line}:\\s*(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    return undefined;
  }
}

/** The most that a process has held at once, in bytes. */
export const peakOf = (pid: number): number | undefined => statusOf(pid, 'VmHWM');

/** Of what a run may grow by after its first steps: features of all pictures. */
const MARGIN = 1.25;

/**
 * Whether one more process fits beside those that run.
 *
 * @param options.needed bytes of one, measured
 * @param options.pids of those that run: each may still grow to as much
 * @param options.available bytes that are free now
 */
export function fits({
  needed,
  pids,
  available = process.availableMemory(),
}: {
  needed: number;
  pids: readonly number[];
  available?: number;
}): boolean {
  const one = MARGIN * needed;
  const growth = pids.reduce((sum, pid) => sum + Math.max(0, one - (statusOf(pid, 'VmRSS') ?? 0)), 0);
  return available - growth >= one;
}
