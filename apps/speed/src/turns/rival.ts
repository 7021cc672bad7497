/** A Python process that times the works of a list, one at a time, when it is asked: PyTorch in turn with what runs here. */
import { rivalPython } from '../environment.ts';
import { start } from './program.ts';

/** PyTorch's answer to a place in the list of works: milliseconds of a run and peak MB, a way of doing it each. */
export interface Rival {
  readonly ask: (place: number, repeats: number) => Promise<{ ms: number[]; peak: number[] }>;
  readonly end: () => Promise<unknown>;
}

/**
 * @param script the path of a program that serves the works (serve.py)
 * @param needs what its Python must have
 * @returns undefined, with a note, where LONGTAIL_BENCH_PYTHON names no Python that starts it
 */
export async function startRival(
  script: string,
  works: readonly unknown[],
  { needs = 'torch' }: { needs?: string } = {},
): Promise<Rival | undefined> {
  const python = rivalPython(needs);
  if (!python) return undefined;
  const program = await start('rival', [python, script, JSON.stringify(works)]);
  return (
    program && {
      ask: async (place, repeats) => JSON.parse(await program.ask(`${place} ${repeats}`)),
      end: program.end,
    }
  );
}
