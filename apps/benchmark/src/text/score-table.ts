/** The terminal's table: representations x classifiers, as in Figure 1 and Table 3 of the paper. */
import { styleText } from 'node:util';
import {
  bestOfColumn,
  chosenText,
  classifierName,
  conditions,
  EMPTY,
  isBest,
  percent,
  type Results,
  type Row,
  SCORE_COLUMNS,
  samplersOf,
} from '@longtail/report/results';
import { plainTable, WIDTH } from './plain-table.ts';

const SEPARATOR = ' · ';

/** Items in lines, none of them broken; '' of none. */
export function wrapped(
  items: readonly string[],
  { width = WIDTH }: { width?: number | undefined } = {},
): string {
  const [first = '', ...others] = items;
  return others.reduce((text, item) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return `${text}${line.length + SEPARATOR.length + item.length > width ? '\n' : SEPARATOR}${item}`;
  }, first);
}

/**
 * Accuracies in percent with one decimal, rows grouped by representation sampler. `*` marks the best of a column,
 * `–` a group without classes.
 *
 * @param results what a run found
 * @param options color: also print the best in bold green; width: columns to fit, 80 by default, 40 at least
 * @example
 * process.stdout.write(`${scoreTable(results, { width: process.stdout.columns })}\n`);
 */
export function scoreTable(
  results: Results,
  { color = false, width }: { color?: boolean; width?: number | undefined } = {},
): string {
  const table = plainTable(['representation / classifier', 'many', 'medium', 'few', 'all'], {
    widths: [36, 10],
    least: [12, 6],
    width,
  });
  const best = SCORE_COLUMNS.map((column) => bestOfColumn(results, column));
  const cell = (row: Row, i: number) => {
    const value = row.scores[SCORE_COLUMNS[i]!];
    if (!isBest(value, best[i])) return `${percent(value)} `;
    const text = `${percent(value)}*`;
    return color ? styleText(['bold', 'green'], text, { validateStream: false }) : text;
  };
  for (const sampler of samplersOf(results)) {
    table.push([{ content: sampler, colSpan: 5 }]);
    for (const row of results.rows.filter((one) => one.sampler === sampler)) {
      const chosen = chosenText(row.chosen);
      const name = `  ${classifierName(row.classifier)}${chosen && ` (${chosen})`}`;
      table.push([name, ...SCORE_COLUMNS.map((_, i) => cell(row, i))]);
    }
  }
  const legend = `accuracy in %   * best of its column   ${EMPTY} no class in the group`;
  return `${table.toString()}\n\n${legend}\n${wrapped(conditions(results), { width })}`.trimEnd();
}
