/** A Python process that times the works of a list, one at a time, when it is asked: PyTorch in turn with what runs here. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** PyTorch's answer to a place in the list of works: milliseconds of a run and peak MB, a way of doing it each. */
export interface Rival {
  readonly ask: (place: number, repeats: number) => Promise<{ ms: number[]; peak: number[] }>;
  readonly end: () => void;
}

/**
 * @param script a program beside this file that serves the works (serve.py)
 * @returns undefined, with a note, where LONGTAIL_BENCH_PYTHON names no Python
 */
export async function startRival(script: string, works: readonly unknown[]): Promise<Rival | undefined> {
  const python = process.env.LONGTAIL_BENCH_PYTHON;
  if (!python) {
    console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
    return undefined;
  }
  const child = spawn(python, [join(import.meta.dirname, script), JSON.stringify(works)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GLIBC_TUNABLES: undefined }, // PyTorch as its users start it
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  console.error((await lines.next()).value);
  return {
    async ask(place, repeats) {
      child.stdin.write(`${place} ${repeats}\n`);
      return JSON.parse((await lines.next()).value!);
    },
    end: () => child.stdin.end(),
  };
}

export const median = (times: readonly number[]): number =>
  times.toSorted((x, y) => x - y)[times.length >> 1]!;
