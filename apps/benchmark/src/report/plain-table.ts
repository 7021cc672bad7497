/** A table of numbers for the terminal: no borders, a rule below the head. */
import Table from 'cli-table3';

const RULED = { mid: '─', 'mid-mid': '─' };
const BORDERLESS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((place) => [place, '']),
  ),
);

/** @param widths in columns, of the first, which holds names, and of each of the others */
export function plainTable(head: readonly string[], [first, other]: readonly [number, number]): Table.Table {
  return new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    colWidths: head.map((_, i) => (i === 0 ? first : other)),
    chars: { ...BORDERLESS, ...RULED, middle: ' ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
}
