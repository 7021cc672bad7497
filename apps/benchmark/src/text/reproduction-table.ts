/** The terminal's table of an experiment: ours, each seed, the interval, the published number and the difference. */
import { extent } from '@longtail/core';
import { BEYOND, differenceText, intervalOfCell, numberText } from '../reproduce/cell-text.ts';
import type { Cell, Line } from '../reproduce/collect.ts';
import type { Column } from '../reproduce/experiment.ts';
import {
  besideText,
  intervalText,
  type Reproduction,
  titleOfFound,
  variantTexts,
} from '../reproduce/reproduction.ts';
import { headsOf, isPublished, labelsOf } from '../reproduce/tables.ts';
import { plainTable } from './plain-table.ts';

/** @param options.width columns to fit */
export function reproductionTable(
  found: Reproduction,
  { width }: { width?: number | undefined } = {},
): string {
  const { experiment, lines, seeds, beside, reasons } = found;
  const { columns } = experiment;
  const head = headsOf(experiment, lines).join(', ');
  const names = columns.map(({ name }) => name);
  const table = plainTable([head, ...names], {
    widths: [36, extent([11, ...names.map(({ length }) => length)])[1]],
    least: [14, 7],
    width,
  });
  const cellsOf = ({ cells }: Line, text: (column: Column, cell: Cell) => string): string[] =>
    cells.map((cell, i) => text(columns[i]!, cell));
  for (const line of lines) {
    table.push([
      labelsOf(line, lines).join(', '),
      ...cellsOf(line, (column, { mean }) => numberText(column, mean)),
    ]);
    const further: [string, string[]][] = [
      ...(seeds.length > 1
        ? seeds.map((seed, s): [string, string[]] => [
            `seed ${seed}`,
            cellsOf(line, (column, { values }) => numberText(column, values[s])),
          ])
        : []),
      ['95 %', cellsOf(line, intervalOfCell)],
      [
        'published',
        cellsOf(line, (column, { published }) => (published === null ? '' : numberText(column, published))),
      ],
      ['difference', cellsOf(line, differenceText)],
    ];
    for (const [name, cells] of further)
      if (cells.some((cell) => cell !== '')) table.push([`  ${name}`, ...cells]);
  }
  return [
    titleOfFound(found),
    table.toString(),
    intervalText(found),
    isPublished(lines) ? BEYOND : '',
    variantTexts(experiment).join('\n'),
    beside.map((one) => besideText(one, experiment)).join('\n'),
    reasons.map(({ recipe, rows, text }) => `${recipe}, ${rows}: ${text}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
