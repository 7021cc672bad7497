/** A program that greets with a line, and then answers each line on its stdin with one: what takes turns here (answer.ts, serve.py). */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DataError } from '@longtail/core';

export interface Program {
  readonly ask: (line: string) => Promise<string>;
  /** Closes its stdin. @returns the lines that it says after that */
  readonly end: () => Promise<string[]>;
}

/**
 * @param name for messages
 * @param command the program and its arguments
 * @param env of the process, beside this one's own
 * @returns undefined, with a note, where the program does not start
 */
export async function start(
  name: string,
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Program | undefined> {
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GLIBC_TUNABLES: undefined, // each as its users start it
      PYTHONPATH: [import.meta.dirname, process.env.PYTHONPATH].filter(Boolean).join(':'), // serve.py
      ...env,
    },
  });
  child.on('error', ({ message }) => console.error(message));
  child.stdin.on('error', () => {}); // it has ended: the next answer says so
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: greeting, done } = await lines.next();
  console.error(`${name}: ${done ? 'left out, it does not start' : greeting}`);
  if (done) return undefined;
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const answer = await lines.next();
      if (answer.done)
        throw new DataError(
          `expected an answer of ${name}, but its process has ended; what it said is above.`,
        );
      return answer.value;
    },
    async end() {
      child.stdin.end();
      const said: string[] = [];
      for await (const line of lines) said.push(line);
      return said;
    },
  };
}
