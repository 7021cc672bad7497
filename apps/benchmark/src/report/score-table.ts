/** The terminal's table: representations x classifiers, as in Figure 1 and Table 3 of the paper. */
import { styleText } from 'node:util';
import { engineTitle, type Results, type Row } from '../results.ts';
import { chosenText, classifierName, EMPTY, percent } from './format.ts';
import { plainTable } from './plain-table.ts';
import { bestOfColumn, SCORE_COLUMNS, samplersOf } from './selection.ts';

const WIDTH = 80;

/** The conditions of the numbers, each easily left unsaid. */
export function protocolItems({ protocol, engine, seed }: Results): string[] {
  return [
    `loss ${protocol.loss}`,
    `groups ${protocol.groupRule}`,
    `chosen on ${protocol.selectionSplit}`,
    `${protocol.epochRule} epoch`,
    `batch norm ${protocol.batchNorm}`,
    ...(protocol.evaluation === undefined ? [] : [`pictures ${protocol.evaluation}`]),
    ...(protocol.skipped > 0 ? [`${protocol.skipped} pictures left out`] : []),
    `seed ${seed}`,
    engineTitle(engine),
  ];
}

/** Items in lines of 80 columns. */
export function wrapped(items: readonly string[], separator = ' · '): string {
  return items.reduce((text, item) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return `${text}${line.length + separator.length + item.length > WIDTH ? '\n' : separator}${item}`;
  });
}

/**
 * Accuracies in percent with one decimal, rows grouped by representation sampler. `*` marks the best of a column,
 * `–` a group without classes. Fits 80 columns.
 *
 * @param results what a run found
 * @param options color: also print the best in bold green
 * @example
 * process.stdout.write(`${scoreTable(results, { color: process.stdout.isTTY })}\n`);
 */
export function scoreTable(results: Results, { color = false }: { color?: boolean } = {}): string {
  const table = plainTable(['representation / classifier', 'many', 'medium', 'few', 'all'], [36, 10]);
  const best = SCORE_COLUMNS.map((column) => bestOfColumn(results, column));
  const cell = (row: Row, i: number) => {
    const value = row.scores[SCORE_COLUMNS[i]!];
    if (value === null || value !== best[i]) return `${percent(value)} `;
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
  return `${table.toString()}\n\n${legend}\n${wrapped(protocolItems(results))}`;
}
