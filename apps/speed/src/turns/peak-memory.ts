/** The most memory that a run takes; Linux only. */
import { readFileSync, writeFileSync } from 'node:fs';
import koffi from 'koffi';

const isLinux = process.platform === 'linux';
const trim = isLinux ? koffi.load('libc.so.6').func('int malloc_trim(size_t)') : () => 0;

const megabytes = (field: 'VmRSS' | 'VmHWM'): number =>
  Number(readFileSync('/proc/self/status', 'utf8').match(`${field}:\\s+(\\d+)`)![1]) / 1000;

/** Gives the heap back and begins to measure. @returns the MB that are taken above what is held now, at the most until it is asked */
export function beginPeak(): () => number {
  if (!isLinux) return () => Number.NaN;
  trim(0);
  writeFileSync('/proc/self/clear_refs', '5'); // the peak is what is held now
  const idle = megabytes('VmRSS');
  return () => megabytes('VmHWM') - idle;
}

/** MB at the most above what is held between two runs, to the nearest. */
export function peakOf(run: () => void): string {
  if (!isLinux) return '-';
  run();
  const peak = beginPeak();
  run();
  return peak().toFixed(0);
}
