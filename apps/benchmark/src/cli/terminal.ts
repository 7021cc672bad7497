/** What the command prints: lines of the terminal's width, hints as they are typed here. JSON stays as it is. */
import { styleText } from 'node:util';
import { wrap } from '../text/wrap.ts';
import { asTyped } from './command-name.ts';

type Stream = NodeJS.WriteStream;

/** Whether lines can be drawn over: not in a file, nor where `TERM=dumb` (Emacs, some CI). */
export const canRedraw = (stream: Stream): boolean => stream.isTTY === true && process.env.TERM !== 'dumb';

/** Whether a stream takes colours: a terminal's does, unless NO_COLOR or TERM=dumb; FORCE_COLOR: any. */
export const hasColors = (stream: Stream): boolean => styleText('bold', '-', { stream }) !== '-';

/** Columns of the terminal; undefined for a file or a pipe, whose reader breaks lines. */
export const columnsOf = (stream: Stream): number | undefined =>
  stream.isTTY && stream.columns > 0 ? stream.columns : undefined;

let isHushed = false;

/** Nothing is printed any more: of several processes that do the same, one is enough. */
export const hush = (): void => {
  isHushed = true;
};

export const hushed = (): boolean => isHushed;

const write = (stream: Stream, text: string): void => {
  if (!isHushed) stream.write(`${wrap(asTyped(text), columnsOf(stream))}\n`);
};

/** Results, on stdout. */
export const print = (text: string): void => write(process.stdout, text);

/** One document, on stdout. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Whatever is no result, on stderr. */
export const tell = (text: string): void => write(process.stderr, text);
