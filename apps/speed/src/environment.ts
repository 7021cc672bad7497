/** What the comparisons read of the environment. */
import { UsageError } from '@longtail/core';

/** LONGTAIL_BENCH_ROUNDS: how many turns count. @throws UsageError where it is no number of turns */
export function rounds(usual: number): number {
  const given = process.env.LONGTAIL_BENCH_ROUNDS ?? String(usual);
  if (!/^[1-9]\d*$/.test(given))
    throw new UsageError(
      `LONGTAIL_BENCH_ROUNDS must be a whole number of turns, 1 or more, but it is "${given}"; set one, or unset it for ${usual}.`,
    );
  return Number(given);
}

/** LONGTAIL_BENCH_PYTHON; undefined, with a note, where it is not set. @param needs what it must have, such as `torch` */
export function rivalPython(needs: string): string | undefined {
  const python = process.env.LONGTAIL_BENCH_PYTHON;
  if (!python)
    console.error(`nothing to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has ${needs}`);
  return python || undefined;
}

export const ENVIRONMENT = `
Environment:
  LONGTAIL_BENCH_PYTHON       the Python of the other side; without it, ours is timed alone
  LONGTAIL_BENCH_ROUNDS       turns that count (default: each comparison's own, see NAME --help)
  LONGTAIL_BENCH_STOCK_ADDON  tfjs-node's own addon, for "step stock": what
                              "node apps/speed/src/step/stock-addon.ts" prints
  LONGTAIL_SHARED             where the published class counts lie (samplers, heads)
  OMP_NUM_THREADS             threads of both sides`;
