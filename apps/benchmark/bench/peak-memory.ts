/** The most memory that a run takes; Linux only. */
import { readFileSync, writeFileSync } from 'node:fs';
import koffi from 'koffi';

const isLinux = process.platform === 'linux';
const trim = isLinux ? koffi.load('libc.so.6').func('int malloc_trim(size_t)') : () => 0;

const megabytes = (field: 'VmRSS' | 'VmHWM'): number =>
  Number(readFileSync('/proc/self/status', 'utf8').match(`${field}:\\s+(\\d+)`)![1]) / 1000;

/** MB at the most above what is held between two runs, to the nearest. */
export function peakOf(run: () => void): string {
  if (!isLinux) return '-';
  run();
  trim(0);
  writeFileSync('/proc/self/clear_refs', '5'); // the peak is what is held now
  const idle = megabytes('VmRSS');
  run();
  return (megabytes('VmHWM') - idle).toFixed(0);
}
