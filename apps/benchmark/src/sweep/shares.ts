/** What each process of a sweep on one machine gets of it: a GPU, or some of the cores. */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Cell } from './cell.ts';

/** Variables of a process's environment. */
export type Share = Readonly<Record<string, string>>;

const NVIDIA = '/proc/driver/nvidia/gpus';

function visibleGpus(env: NodeJS.ProcessEnv): string[] {
  const { CUDA_VISIBLE_DEVICES: visible } = env;
  if (visible !== undefined) return visible.split(',').filter((gpu) => gpu !== '' && gpu !== '-1');
  return existsSync(NVIDIA) ? readdirSync(NVIDIA).map((_, i) => String(i)) : [];
}

/**
 * A share a GPU where cells may compute on one, else a share a core; OMP_NUM_THREADS stays where it is set.
 *
 * @param options.parallel how many there are, if that is said: GPUs are then given out in turn
 */
export function sharesOf(
  cells: readonly Pick<Cell, 'engine'>[],
  {
    parallel,
    env = process.env,
    cores = availableParallelism(),
  }: { parallel?: number | undefined; env?: NodeJS.ProcessEnv; cores?: number } = {},
): Share[] {
  const gpus = cells.every(({ engine }) => engine.device === 'cpu') ? [] : visibleGpus(env);
  const threads = Number(env.OMP_NUM_THREADS) || undefined;
  const places = parallel ?? (gpus.length || Math.floor(cores / (threads ?? 1)));
  const count = Math.max(1, Math.min(places, cells.length));
  const each = threads ?? Math.max(1, Math.floor(cores / count));
  return Array.from({ length: count }, (_, i) => ({
    OMP_NUM_THREADS: String(each),
    ...(gpus.length > 0 && { CUDA_VISIBLE_DEVICES: gpus[i % gpus.length]! }),
  }));
}
