/** Differential tests: every kernel on tfjs's cpu backend and on another, with random shapes, attributes and values. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as own from '../index.ts';
import { type Case, ROUNDING, type Row, type Tolerance } from './case.ts';
import { type Answer, answers } from './run.ts';
import { LEFT_OUT, OWN_KERNELS, TABLE } from './table.ts';

export type { Case, TensorValues } from './case.ts';

/** Where a backend means something else by a kernel, or cannot take a case: why, and which cases; all, if not said. */
export interface Exception {
  readonly reason: string;
  readonly when?: (given: Case) => boolean;
}

const RUNS = 50;
/** In milliseconds, for one kernel: a run takes about one. */
const timeLimit = (runs: number): number => 10_000 + 100 * runs;

export interface DifferentialOptions {
  /** Random cases a kernel. */
  readonly runs?: number;
  readonly seed?: number;
  /** What the backend holds natively. */
  readonly liveHandles?: () => number;
  readonly exceptions?: Readonly<Record<string, Exception>>;
}

function isClose(a: number | string, b: number | string, { absolute, relative }: Tolerance): boolean {
  if (a === b || Object.is(a, b)) return true;
  return Math.abs(Number(a) - Number(b)) <= absolute + relative * Math.abs(Number(b));
}

const described = ({ shape, dtype, values }: Answer): string =>
  `${dtype} [${shape}]: ${Array.from(values).slice(0, 64).join(' ')}`;

/** @throws when the shapes, types or values differ */
function expectSame(actual: Answer[], expected: Answer[], tolerance: Tolerance): void {
  const kinds = (all: Answer[]) =>
    all.map(({ shape, dtype, values: { length } }) => `${length} values as ${dtype} [${shape}]`);
  expect(kinds(actual)).toEqual(kinds(expected));
  actual.forEach((answer, which) => {
    const other = expected[which]!;
    const wrong = Array.from(answer.values).findIndex((x, i) => !isClose(x, other.values[i]!, tolerance));
    if (wrong >= 0)
      expect.fail(
        `value ${wrong} of output ${which} is ${answer.values[wrong]} instead of ${other.values[wrong]}; ${described(answer)} instead of ${described(other)}`,
      );
  });
}

/** Attributes may hold what JSON has not: NaN, typed arrays. */
const shown = (given: Case): string =>
  JSON.stringify(given, (_, x) =>
    typeof x === 'number' && !Number.isFinite(x) ? String(x) : Object.is(x, -0) ? '-0' : x,
  );

function agrees(
  backend: string,
  name: string,
  row: Row,
  { runs = RUNS, seed = 1, liveHandles, exceptions = {} }: DifferentialOptions,
): Promise<void> {
  const { when } = exceptions[name] ?? {};
  const property = fc.asyncProperty(fc.gen(), async (draw) => {
    const given = row.cases(draw);
    fc.pre(!when?.(given));
    const expected = await answers('cpu', name, row, given);
    try {
      expectSame(await answers(backend, name, row, given, liveHandles), expected, row.tolerance ?? ROUNDING);
    } catch (error) {
      throw new Error(`${name} of ${shown(given)}: ${(error as Error).message}`, { cause: error });
    }
  });
  // Making a failure smaller has its limit, too.
  return fc.assert(property, { numRuns: runs, seed, interruptAfterTimeLimit: timeLimit(runs) });
}

/**
 * @param backend registered; `@tensorflow/tfjs` (the cpu backend) must be imported by the test
 * @example
 * describeDifferential('webgpu', { runs: 1000, seed: Date.now() });
 */
export function describeDifferential(backend: string, options: DifferentialOptions = {}): void {
  const { seed = 1, exceptions = {} } = options;
  const timeout = 2 * timeLimit(options.runs ?? RUNS);
  describe(`${backend} and cpu agree, seed ${seed}`, { timeout }, () => {
    for (const [name, row] of Object.entries(TABLE)) {
      if (!(name in OWN_KERNELS || tf.getKernel(name, backend))) continue;
      const { reason, when } = exceptions[name] ?? {};
      const run = reason && !when ? it.skip : it;
      run(reason ? `${name}, but: ${reason}` : name, () => agrees(backend, name, row, options));
    }

    it('and no kernel of it, or of this package, is missing here', () => {
      const known = new Set([...Object.keys(TABLE), ...Object.keys(LEFT_OUT)]);
      const ours = Object.values(own).flatMap((given) =>
        typeof given === 'object' && 'define' in given ? [given.name] : [],
      );
      const names = tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
      expect([...names, ...ours].filter((name) => !known.has(name))).toEqual([]);
      expect(Math.min(names.length - 100, ours.length - 10)).toBeGreaterThan(0);
    });
  });
}
