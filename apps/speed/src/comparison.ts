/** What the commands of all comparisons share. */
import { UsageError } from '@longtail/core';
import { Argument, Command, InvalidArgumentError } from 'commander';

export interface About {
  /** What beside what: fits a line of `pnpm bench`, with the time. */
  readonly what: string;
  /** Roughly how long, on 2 cores. */
  readonly takes: string;
  /** What LONGTAIL_BENCH_PYTHON must have. */
  readonly needs?: string;
  /** Turns that count where LONGTAIL_BENCH_ROUNDS does not say. */
  readonly turns?: number;
}

/** The command `pnpm bench NAME`. */
export function comparison(name: string, { what, takes, needs, turns }: About): Command {
  const more = [
    `Roughly, on 2 cores: ${takes}.`,
    needs && `LONGTAIL_BENCH_PYTHON: a Python with ${needs}.`,
    turns && `LONGTAIL_BENCH_ROUNDS: turns that count (default: ${turns}).`,
  ];
  return new Command(name)
    .summary(`${what} (${takes})`)
    .description([`Times ${what}.`, ...more.filter(Boolean)].join('\n'));
}

export const partOfName = (): Argument =>
  new Argument('[part]', 'rows to time: part of their name').default('', 'all');

/**
 * The works that the part of a name asks for, with their places in the list.
 *
 * @throws UsageError where no name has it
 */
export function worksOf<W>(
  works: readonly W[],
  part: string,
  nameOf: (work: W) => string,
): readonly (readonly [place: number, work: W])[] {
  const found = [...works.entries()].filter(([, work]) => nameOf(work).includes(part));
  if (found.length === 0)
    throw new UsageError(
      `expected part of a row's name, such as "${nameOf(works[0]!)}", but no row has "${part}"; leave it out to time all ${works.length}.`,
    );
  return found;
}

/** For an argument that counts. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}
