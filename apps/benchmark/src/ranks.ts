/**
 * The processes that carry out a run together. All go through the same code, so that what they tell one another meets. The
 * first one writes, and decides; the others learn from it what it found.
 */
import type { Collective } from '@longtail/collective';
import { EngineError, UsageError } from '@longtail/core';
import type { BatchesOptions } from '@longtail/datasets';
import type { EngineName } from './results.ts';
import { Stopped } from './stopped.ts';

export interface Ranks {
  readonly rank: number;
  readonly size: number;
  /** Undefined where there is one process. */
  readonly collective?: Collective;
  /** Cores of this process, where it shares a machine's with others; default: all. */
  readonly threads?: number;
  /** Whether batch norms see the whole batch, instead of the part of each process. */
  readonly syncBn?: boolean;
  /** Of several processes: aborted on all of them at once, by {@link Ranks.agree}. */
  readonly signal: AbortSignal;
  /**
   * Every rank must come here: whether one of them wishes something. Where one was told to stop, the signal is aborted on all.
   */
  agree(wish?: boolean): boolean;
  /**
   * The first process does it, while the others wait for what it returns.
   *
   * @param work is given a signal to stop by itself
   * @returns JSON
   */
  first<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export const alone = (signal: AbortSignal): Ranks => ({
  rank: 0,
  size: 1,
  signal,
  agree: (wish = false) => wish,
  first: (work) => work(signal),
});

export const ranksOf = ({ ranks, signal }: { ranks?: Ranks; signal: AbortSignal }): Ranks =>
  ranks ?? alone(signal);

/** As {@link Ranks.first}, but what is made stays with the first process, such as tensors; undefined on the others. */
export async function onFirst<T>(
  ranks: Ranks,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  let made: T | undefined;
  await ranks.first(async (signal) => {
    made = await work(signal);
  });
  return made;
}

/** For `batches`: the part of this process, which the threads of its cores prepare. */
export const partOf = ({ rank, size, threads }: Ranks): Pick<BatchesOptions, 'part' | 'workers'> =>
  size > 1 ? { part: { rank, ranks: size }, ...(threads !== undefined && { workers: threads }) } : {};

/** @throws UsageError where a process would have no picture of a batch */
export function expectPictures(batch: number, { size }: Ranks): void {
  if (batch < size)
    throw new UsageError(
      `a batch of ${batch} pictures cannot be shared by ${size} processes; start fewer, or take a larger batchSize.`,
      { batch, size },
    );
}

/** @throws EngineError where the processes would compute by different engines */
export function expectSameEngine(engine: EngineName, { collective }: Ranks): void {
  if (!collective) return;
  const { backend, device, version, autocast = 'float32' } = engine;
  const own = `${backend} ${version} on the ${device}, ${autocast}`;
  const all = collective
    .gather(new TextEncoder().encode(own))
    .map((bytes) => new TextDecoder().decode(bytes));
  const other = all.findIndex((one) => one !== all[0]);
  if (other < 0) return;
  throw new EngineError(
    `expected every process to compute by ${all[0]}, as the first does, but process ${other} does by ${all[other]}; install the same on every machine.`,
    { other },
  );
}

interface Told {
  readonly value?: unknown;
  readonly stopped?: string;
}

/** @param options.signal what this process alone was told */
export function together(
  collective: Collective,
  { signal, threads }: { signal: AbortSignal; threads?: number },
): Ranks {
  const { rank, size } = collective;
  const agreed = new AbortController();
  const stop = (why: unknown = new Stopped('stopped by a signal to another process.')): void => {
    if (!agreed.signal.aborted) agreed.abort(why);
  };
  const tell = (told?: Told): Told => {
    const bytes = told && new TextEncoder().encode(JSON.stringify(told));
    return JSON.parse(new TextDecoder().decode(collective.broadcastBytes(bytes))) as Told;
  };
  return {
    rank,
    size,
    collective,
    ...(threads !== undefined && { threads }),
    signal: agreed.signal,
    agree(wish = false) {
      const asked = Int32Array.of(Number(signal.aborted), Number(wish));
      collective.reduceArrays([asked], { operation: 'max' });
      if (asked[0]) stop(signal.reason);
      return asked[1]! > 0;
    },
    async first<T>(work: (own: AbortSignal) => Promise<T>) {
      if (rank > 0) {
        const { value, stopped } = tell();
        if (stopped !== undefined) stop(new Stopped(stopped));
        agreed.signal.throwIfAborted();
        return value as T;
      }
      try {
        const value = await work(signal);
        tell({ value });
        return value;
      } catch (error) {
        // Any other error ends the others as it ends this process.
        if (signal.aborted && error === signal.reason) tell({ stopped: (error as Error).message });
        throw error;
      }
    },
  };
}
