/** Where the time of training steps goes: calls and milliseconds of each kernel, as tfjs' profiler takes them. */
import * as tf from '@tensorflow/tfjs-core';

interface Spent {
  calls: number;
  ms: number;
}

export interface KernelTimer {
  /** To be called after each step; the first begins the measurement, as a first step also allocates and compiles. */
  step(): void;
  /** Ends it, where fewer steps were taken; where it is over, does nothing. */
  stop(): Promise<void>;
}

/**
 * Measures the kernels of the backend in use over some steps. On a GPU each kernel is waited for, which takes time itself; a
 * kernel that is made of others, where the backend has none of its own, counts with them.
 *
 * @param options.steps how many
 * @param options.onTable what to do with the table, once they are taken or the run is over
 */
export function timeKernels({
  steps,
  onTable,
}: {
  steps: number;
  onTable: (table: string) => void;
}): KernelTimer {
  const { state } = tf.engine();
  const spent = new Map<string, Spent>();
  const waiting: Promise<void>[] = [];
  let [start, wall, done] = [Number.NaN, 0, -1];
  let over: Promise<void> | undefined;
  /** tfjs lists every call of a kernel; emptied after each step, the list stays short. */
  const take = (): void => {
    for (const { name, kernelTimeMs } of state.activeProfile.kernels.splice(0)) {
      const own = spent.get(name) ?? { calls: 0, ms: 0 };
      own.calls++;
      spent.set(name, own);
      const add = (ms: number) => {
        own.ms += ms;
      };
      waiting.push(Promise.resolve(kernelTimeMs as number).then(add));
    }
  };
  const profile = (on: boolean): void => {
    state.profiling = on;
    tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', !on); // it would read every result
  };
  const end = async (): Promise<void> => {
    profile(false);
    await Promise.all(waiting);
    if (done > 0) onTable(kernelTable(spent, { wall, steps: done }));
  };
  const stop = (): Promise<void> => {
    over ??= end();
    return over;
  };
  return {
    stop,
    step() {
      if (over) return;
      done++;
      if (done === 0) {
        state.activeProfile.kernels = [];
        start = performance.now();
        profile(true);
        return;
      }
      take();
      wall = performance.now() - start;
      if (done === steps) void stop();
    },
  };
}

/** The most expensive first; the last row is what is left of the steps: JavaScript between kernels, waiting for pictures. */
function kernelTable(
  spent: ReadonlyMap<string, Spent>,
  { wall, steps }: { wall: number; steps: number },
): string {
  const rows = [...spent].sort(([, a], [, b]) => b.ms - a.ms);
  const inside = rows.reduce((sum, [, { ms }]) => sum + ms, 0);
  const line = (name: string, calls: string, ms: number): string =>
    [
      name.padEnd(32),
      calls.padStart(8),
      (ms / steps).toFixed(2).padStart(10),
      `${((100 * ms) / wall).toFixed(1)} %`.padStart(9),
    ].join(' ');
  return [
    `kernels of ${steps} steps, a step: ${(wall / steps).toFixed(1)} ms`,
    `${'kernel'.padEnd(32)} ${'calls'.padStart(8)} ${'ms'.padStart(10)} ${'share'.padStart(9)}`,
    ...rows.map(([name, { calls, ms }]) => line(name, (calls / steps).toFixed(1).replace('.0', ''), ms)),
    line('outside of kernels', '', Math.max(0, wall - inside)),
  ].join('\n');
}
