/**
 * Keeps glibc from hoarding what tensors free. Its caches of small blocks (per thread, and the fast bins) leave the
 * splinters of aligned allocations between the large blocks, which then neither merge nor fit again (glibc bug 14581):
 * a ResNet-32 step took 4 times the memory, and a fifth of its time in page faults. These are settings of the process's
 * start, so the process starts once more, in place.
 *
 * So is how long libtorch's threads spin for one another. Where others want the same cores, the one that is waited for
 * does not run meanwhile, and a step takes ten times as long; on cores of its own, spinning saves it 2 to 8 %.
 */
import { availableParallelism, loadavg } from 'node:os';
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
 * What keeps threads from spinning, on a machine that is busy.
 *
 * @param load processes that want to run, of the last minute
 */
export function patience(
  env: NodeJS.ProcessEnv,
  { load, cores }: { load: number; cores: number },
): { GOMP_SPINCOUNT?: string } {
  const isChosen = env.GOMP_SPINCOUNT !== undefined || env.OMP_WAIT_POLICY !== undefined;
  return load > cores && !isChosen ? { GOMP_SPINCOUNT: '3000' } : {};
}

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
  process.execve!(execPath, [execPath, ...execArgv, ...argv.slice(1)], {
    ...env,
    ...patience(env, { load: loadavg()[0]!, cores: availableParallelism() }),
    GLIBC_TUNABLES: TUNABLES,
  });
}
