/** Text in lines of a terminal's width. */
import { Help } from 'commander';

const LEAST_COLUMNS = 10;
const NAME_COLUMNS = 14;

/**
 * Breaks lines between words; what follows a break is indented as its line is. A word longer than a line, such as a path,
 * stays whole, so that it can be copied.
 *
 * @param columns undefined for a file or a pipe: nothing is broken
 */
export function wrap(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  const help = new Help();
  help.minWidthToWrap = LEAST_COLUMNS;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('next: ')) return line; // a command, to be copied
      const indent = /^ */.exec(line)![0];
      return help.boxWrap(line.slice(indent.length), columns - indent.length).replace(/^(?=.)/gm, indent);
    })
    .join('\n');
}

/** Names and values, one below the other; a value's further lines below its first. */
export function facts(
  rows: readonly (readonly [name: string, value: string])[],
  { width }: { width?: number | undefined } = {},
): string {
  const columns = width === undefined ? undefined : width - NAME_COLUMNS;
  return rows
    .map(([name, value]) => {
      const lines = wrap(value, columns).replaceAll('\n', `\n${' '.repeat(NAME_COLUMNS)}`);
      return `${name.padEnd(NAME_COLUMNS)}${lines}`;
    })
    .join('\n');
}
