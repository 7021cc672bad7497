/** `pnpm bench NAME`: the one door to what is timed here. */
import { LongtailError, UsageError } from '@longtail/core';
import { CommanderError } from 'commander';
import { door } from './door.ts';

/** Commander's two lines as one sentence. */
const sentence = (message: string): string =>
  `${message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (?:one of )?(.+)\?\)/, '; did you mean $1?')
    .replace(/[^?.]$/, '$&; "pnpm bench" lists the names and "pnpm bench NAME --help" the options.')}`;

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
async function main(args: readonly string[]): Promise<number> {
  const program = door();
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      console.error(sentence(error.message));
      return 2;
    }
    if (!(error instanceof LongtailError)) throw error;
    console.error(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

const code = await main(process.argv.slice(2));
if (code > 0) process.exit(code); // who takes turns may still wait for the next
