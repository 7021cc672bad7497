/** How a run is timed, and what is said of many times. */
import { setTimeout } from 'node:timers/promises';

/** Milliseconds of one run, and of what it promises. */
export async function milliseconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Milliseconds of one of several runs on end. */
export async function timed(run: () => void, repeats: number): Promise<number> {
  await setTimeout(10); // the other process's idle threads spin for a while
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return (performance.now() - start) / repeats;
}

/** Of the least time of a measurement: by then V8 has compiled what a run of many small operations runs through. */
const WARM = 10;

/** Runs for ten times the milliseconds of one measurement. @returns milliseconds a run, in the last half of them */
export function warmed(run: () => void, least: number): number {
  const half = (): number => {
    const start = performance.now();
    let runs = 0;
    for (; runs === 0 || performance.now() - start < (WARM * least) / 2; runs++) run();
    return (performance.now() - start) / runs;
  };
  half();
  return half();
}

/** NaN of none. */
export const median = (times: readonly number[]): number =>
  times.toSorted((x, y) => x - y)[times.length >> 1] ?? Number.NaN;

/** Infinity of none. */
export const fastest = (times: readonly number[]): number =>
  times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** A number in a table, `-` where there is none. */
export const cell = (value: number, digits = 0): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '-';
