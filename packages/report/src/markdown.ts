/** The table of results in Markdown, as GitHub and Hugging Face show it. */
import { conditions } from './conditions.ts';
import { parseResults } from './parse-results.ts';
import type { Results } from './results.ts';
import { SCORE_COLUMNS } from './selection.ts';
import { tableOf } from './table.ts';

/**
 * Text that Markdown shows as it is: no emphasis, link, HTML, nor the end of a table's cell.
 *
 * @example
 * escapeMarkdown('a|b'); // 'a\\|b'
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]<>()#!|~$&]/g, '\\$&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\b(https?|ftp|www)([:.])/gi, '$1\\$2')
    .replaceAll('@', '&#64;');

/** A table of `cells`, whose first `left` columns are texts and the others numbers. */
export function markdownTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  { left }: { left: number },
): string {
  const rule = head.map((_, i) => (i < left ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * @returns a table with the best of each column in bold, and below it the conditions of its numbers
 * @throws DataError for what is not of the form of results
 * @example
 * await writeFile('results.md', resultsMarkdown(results));
 */
export function resultsMarkdown(results: Results): string {
  const checked = parseResults(results);
  const lines = tableOf(checked).map(({ sampler, classifier, cells }) => [
    escapeMarkdown(sampler),
    escapeMarkdown(classifier),
    ...cells.map(({ text, isBest }) => (isBest ? `**${text}**` : text)),
  ]);
  const table = markdownTable(['representation', 'classifier', ...SCORE_COLUMNS], lines, { left: 2 });
  const { name, dataset } = checked;
  const what = `Accuracy in % of ${name} on ${dataset.name}`;
  const caption = [what, ...conditions(checked)].map(escapeMarkdown);
  return `${table}\n\n${caption.join(' · ')}\n`;
}
