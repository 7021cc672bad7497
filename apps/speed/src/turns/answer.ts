/** Our side of program.ts; serve.py's `answer` is its twin. */
import { createInterface } from 'node:readline';

export interface Answers {
  /** A line that says what answers. */
  readonly greeting: string;
  /** @returns milliseconds, or another number that is measured */
  readonly turn: (line: string) => Promise<number>;
  /** What is said when stdin has ended, the peak memory in MB first. */
  readonly end: () => readonly (string | number)[] | Promise<readonly (string | number)[]>;
}

export async function answerTurns({ greeting, turn, end }: Answers): Promise<void> {
  process.stdout.write(`${greeting}\n`);
  for await (const line of createInterface({ input: process.stdin }))
    process.stdout.write(`${await turn(line)}\n`);
  process.stdout.write((await end()).map((said) => `${said}\n`).join(''));
}

/** The most memory that this process has had, MB. */
export const peakOfProcess = (): number => process.resourceUsage().maxRSS / 1000;
