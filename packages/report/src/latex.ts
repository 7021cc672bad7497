/** The table of results in LaTeX, by booktabs. */
import { conditions } from './conditions.ts';
import { EMPTY } from './format.ts';
import { parseResults } from './parse-results.ts';
import type { Results } from './results.ts';
import { SCORE_COLUMNS } from './selection.ts';
import { type Line, tableOf } from './table.ts';

/** `[` and `*` at the start of a line would be arguments of the line break before it, and two hyphens a dash. */
const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '[': '{[}',
  '*': '{*}',
  '-': '-{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '"': "''",
  τ: '$\\tau$',
  [EMPTY]: '--',
  '−': '$-$',
  '·': '$\\cdot$',
};

/**
 * Text that LaTeX sets as it is.
 *
 * @example
 * escapeLatex('50 % of a_b'); // '50 \\% of a\\_b'
 */
export const escapeLatex = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[&%$#_{}]|[\\~^<>[*"τ–−·]|-(?=-)/g, (sign) => SIGNS[sign] ?? `\\${sign}`);

function bodyOf(lines: readonly Line[]): string[] {
  return lines.flatMap(({ sampler, classifier, cells }, i) => {
    const first = lines[i - 1]?.sampler !== sampler;
    const numbers = cells.map(({ text, isBest }) =>
      isBest ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text),
    );
    const line = `${[first ? escapeLatex(sampler) : '', escapeLatex(classifier), ...numbers].join(' & ')} \\\\`;
    return first && i > 0 ? ['\\midrule', line] : [line];
  });
}

/**
 * @returns a `table` with its caption, for a document with `\usepackage{booktabs}`; the best of each column in bold
 * @throws DataError for what is not of the form of results
 * @example
 * await writeFile('results.tex', resultsLatex(results)); // \input{results}
 */
export function resultsLatex(results: Results): string {
  const checked = parseResults(results);
  const { name, dataset } = checked;
  const caption = [`${name}: accuracy in % on ${dataset.name}`, ...conditions(checked)].map(escapeLatex);
  return `${[
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${caption.join('; ')}.}`,
    `\\begin{tabular}{ll${'r'.repeat(SCORE_COLUMNS.length)}}`,
    '\\toprule',
    `${['representation', 'classifier', ...SCORE_COLUMNS].join(' & ')} \\\\`,
    '\\midrule',
    ...bodyOf(tableOf(checked)),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')}\n`;
}
