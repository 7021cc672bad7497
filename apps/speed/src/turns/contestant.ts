/** A process that does its work when it is asked, so that several take turns on one machine. */
import { setTimeout } from 'node:timers/promises';
import { EngineError } from '@longtail/core';
import { start } from './program.ts';

export interface Contestant {
  readonly name: string;
  /** Milliseconds of the turns that count. */
  readonly times: number[];
  /** @param line what to do, where the program knows several works. @returns what it has measured: milliseconds, most often */
  readonly turn: (line?: string) => Promise<number>;
  /** Peak memory of the process in MB, and whatever else it has to say. */
  readonly end: () => Promise<{ peak: number; more: string[] }>;
}

/**
 * @param command a program of answer.ts or of serve.py's `answer`, which ends with its peak memory in MB
 * @param env of the process, beside this one's own
 * @returns undefined, with a note, where the program does not start
 */
export async function enter(
  name: string,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Contestant | undefined> {
  const program = await start(name, command, env);
  return (
    program && {
      name,
      times: [],
      async turn(line = '') {
        await setTimeout(10); // the others' idle threads spin for a while
        return Number(await program.ask(line));
      },
      async end() {
        const [peak, ...more] = await program.end();
        return { peak: Number(peak), more };
      },
    }
  );
}

/**
 * Longtail's own, which must start.
 *
 * @param script the path of a program of answer.ts
 */
export async function enterOwn(
  name: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Contestant> {
  const own = await enter(name, [process.execPath, script, ...args], env);
  if (own) return own;
  throw new EngineError(`expected ${script} to start, but it has ended; what it said is above.`);
}

/** Each in turn; the first `warm` rounds do not count. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { rounds, warm }: { rounds: number; warm: number },
): Promise<void> {
  for (let round = -warm; round < rounds; round++)
    for (const { turn, times } of contestants) {
      const ms = await turn();
      if (round >= 0) times.push(ms);
    }
}

/** Those that have started, in their order. */
export const present = (entered: readonly (Contestant | undefined)[]): Contestant[] =>
  entered.filter((one) => one !== undefined);
