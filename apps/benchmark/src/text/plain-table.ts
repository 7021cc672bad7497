/** A table of numbers for the terminal: no borders, a rule below the head. */
import Table from 'cli-table3';

const RULED = { mid: '─', 'mid-mid': '─' };
const BORDERLESS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((place) => [place, '']),
  ),
);

/** A table's width where there is no terminal. */
export const WIDTH = 80;

export interface TableWidths {
  /** Of the first column, which holds names, and of each other. */
  readonly widths: readonly [first: number, other: number];
  /** What they may shrink to where the terminal is narrow. */
  readonly least: readonly [first: number, other: number];
  /** Columns of the terminal. */
  readonly width?: number | undefined;
}

/** Numbers give way first, down to their least, then names. */
function fitted(columns: number, { widths, least, width = WIDTH }: TableWidths): [number, number] {
  const gaps = columns - 1;
  const other = Math.floor((width - gaps - widths[0]) / (columns - 1));
  const shrunk = Math.min(widths[1], Math.max(least[1], other));
  return [Math.min(widths[0], Math.max(least[0], width - gaps - shrunk * (columns - 1))), shrunk];
}

export function plainTable(head: readonly string[], options: TableWidths): Table.Table {
  const [first, other] = fitted(head.length, options);
  return new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    colWidths: head.map((_, i) => (i === 0 ? first : other)),
    chars: { ...BORDERLESS, ...RULED, middle: ' ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
}
