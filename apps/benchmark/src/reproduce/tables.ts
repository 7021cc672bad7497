/** The table of an experiment as files for other programs: Markdown, ours and theirs side by side, and CSV, a line a number. */
import { encodeCsv } from '@longtail/formats';
import { BEYOND, differenceText, intervalOfCell, numberText } from './cell-text.ts';
import type { Line } from './collect.ts';
import type { Experiment } from './experiment.ts';
import { recipeLabel } from './plan.ts';
import { besideText, intervalText, type Reproduction, titleOfFound, variantTexts } from './reproduction.ts';

/** Labels of a row; the recipe comes first where there are several. */
export const labelsOf = ({ recipe, row }: Line, lines: readonly Line[]): string[] =>
  hasSeveral(lines) ? [recipeLabel(recipe), ...row.labels] : [...row.labels];

export const headsOf = ({ heads }: Experiment, lines: readonly Line[]): string[] =>
  hasSeveral(lines) ? ['recipe', ...heads] : [...heads];

const hasSeveral = (lines: readonly Line[]): boolean => new Set(lines.map(({ recipe }) => recipe)).size > 1;

export const isPublished = (lines: readonly Line[]): boolean =>
  lines.some(({ cells }) => cells.some(({ published }) => published !== null));

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

export function reproductionMarkdown(found: Reproduction): string {
  const { experiment, lines, beside, reasons, command } = found;
  const withTheirs = isPublished(lines);
  const { columns } = experiment;
  const heads = headsOf(experiment, lines);
  const titles = columns.flatMap(({ name }) => (withTheirs ? [name, 'published', '±'] : [name]));
  const body = lines.map((line) =>
    row([
      ...labelsOf(line, lines),
      ...line.cells.flatMap((cell, i) => {
        const column = columns[i]!;
        const interval = intervalOfCell(column, cell);
        const seeds =
          cell.values.length > 1 && cell.mean !== null
            ? cell.values.map((one) => numberText(column, one))
            : [];
        const below = [seeds.join(' '), interval].filter((text) => text !== '').join('; ');
        const ours = `${numberText(column, cell.mean)}${below && ` (${below})`}`;
        if (!withTheirs) return [ours];
        return [ours, numberText(column, cell.published), differenceText(column, cell)];
      }),
    ]),
  );
  const unit = columns.some(({ isShare }) => isShare) ? ', accuracy in %' : '';
  return `${[
    `# ${titleOfFound(found)}${unit}`,
    [row([...heads, ...titles]), row([...heads.map(() => '---'), ...titles.map(() => '---:')]), ...body].join(
      '\n',
    ),
    intervalText(found),
    withTheirs ? BEYOND : '',
    variantTexts(experiment)
      .map((text) => `- ${text}`)
      .join('\n'),
    beside.map((one) => besideText(one, experiment)).join('\n'),
    reasons.map(({ recipe, rows, text }) => `- ${recipe}, ${rows}: ${text}`).join('\n'),
    `\`${command}\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** Shares are 0..1, at full precision; `mean` and `published` are the row's, again with each seed. */
export function reproductionCsv({ experiment, lines, seeds }: Reproduction): string {
  const fields = lines.flatMap(({ recipe, row: { labels, sampler, classifier, variant }, cells }) =>
    cells.flatMap(({ values, intervals, mean, published }, i) =>
      values.map((value, s) => [
        ['recipe', recipeLabel(recipe)],
        ...experiment.heads.map((head, h) => [head, labels[h]]),
        ['sampler', sampler],
        ['head', classifier],
        ['variant', variant],
        ['column', experiment.columns[i]!.name],
        ['seed', seeds[s]],
        ['value', value],
        ['low', intervals[s]?.[0]],
        ['high', intervals[s]?.[1]],
        ['mean', mean],
        ['published', published],
      ]),
    ),
  );
  const names = (fields[0] ?? []).map(([name]) => String(name));
  const column = (i: number): string[] => fields.map((line) => String(line[i]![1] ?? ''));
  return new TextDecoder().decode(encodeCsv(new Map(names.map((name, i) => [name, column(i)]))));
}
