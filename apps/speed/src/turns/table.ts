/** Tables in Markdown, as docs/results.md holds them, row by row while they come. */

export const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** @param words columns of words, to the left; the others hold numbers */
export const tableHead = (columns: readonly string[], { words = 1 }: { words?: number } = {}): string =>
  [tableRow(columns), tableRow(columns.map((_, i) => (i < words ? '---' : '---:')))].join('\n');
