/** What a program in a page does with each package, small and seeded: numbers by name, the same ones in Node. */
import { HEADS } from './heads.ts';
import { LOSSES } from './losses.ts';
import { NETWORKS } from './networks.ts';
import { PLAIN } from './plain.ts';
import type { Program } from './set.ts';

export const PROGRAM: Program = { ...PLAIN, ...LOSSES, ...HEADS, ...NETWORKS };

/** All of it, on the backend in use, or what went wrong instead of the numbers. */
export async function runProgram(): Promise<Record<string, number[] | string>> {
  const found: Record<string, number[] | string> = {};
  for (const [name, compute] of Object.entries(PROGRAM))
    try {
      found[name] = [...(await compute())];
    } catch (error) {
      found[name] = (error as Error).stack ?? String(error);
    }
  return found;
}
