/**
 * Keeps glibc from hoarding what tensors free. Its caches of small blocks (per thread, and the fast bins) leave the
 * splinters of aligned allocations between the large blocks, which then neither merge nor fit again (glibc bug 14581):
 * a ResNet-32 step took 4 times the memory, and a fifth of its time in page faults. These are settings of the process's
 * start, so the process starts once more, in place.
 */
import { isMainThread } from 'node:worker_threads';

const TUNABLES: string = [
  'tcache_count=0',
  'mxfast=0',
  'trim_threshold=8000000000', // keep the heap: the next step wants it again
  'mmap_threshold=33554432', // the largest there is
  'mmap_max=0', // and nothing above it, or each large tensor would be faulted in anew
]
  .map((setting) => `glibc.malloc.${setting}`)
  .join(':');

/**
 * Call it first thing, before anything is loaded or written: where it helps (Linux, and `GLIBC_TUNABLES` not set), the
 * program begins again with the same arguments and process id, and this call does not return. In a worker, in a forked
 * child, and elsewhere it does nothing.
 *
 * @example
 * import { steadyMalloc } from '@longtail/engine/steady-malloc';
 * steadyMalloc();
 */
export function steadyMalloc(): void {
  const { env, execPath, execArgv, argv } = process;
  const isPossible = process.platform === 'linux' && isMainThread && !process.connected && process.execve;
  if (!isPossible || env.GLIBC_TUNABLES !== undefined) return;
  process.execve!(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, GLIBC_TUNABLES: TUNABLES });
}
