/**
 * Pools of runs as tables: a line a pool, representation and classifier; of each score the mean over the seeds and their spread,
 * the standard deviation with divisor n - 1, which one run has not.
 */
import { encodeCsv } from '@longtail/formats';
import { classifierName, EMPTY, isBest, percent } from './format.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { bestMean, type PooledScore, pooled } from './pooled.ts';
import { type Results, SCORE_NAMES, type ScoreName } from './results.ts';
import { SCORE_COLUMNS } from './selection.ts';
import { testPicturesNote } from './test-pictures.ts';

export interface PooledLine {
  readonly pool: string;
  readonly sampler: string;
  readonly classifier: string;
  readonly seeds: readonly (number | null)[];
  readonly sameTestPictures: boolean | null;
  /** Shares in 0..1; `sd` is null of fewer than two values. */
  readonly scores: Readonly<Record<ScoreName, PooledScore & { readonly sd: number | null }>>;
}

function spreadOf({ mean, values }: PooledScore): number | null {
  const known = values.filter((value) => value !== null);
  if (mean === null || known.length < 2) return null;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
}

/**
 * @param runs results, in any order; seeds of one recipe and its options are pooled
 * @returns a line a pool, representation and classifier
 * @throws InputError where a seed of a pool is there twice; DataError for what is not of the form of results
 * @example
 * pooledLines([seed0, seed1])[0].scores.few; // { mean: 0.3, sd: 0.0141, values: [0.31, 0.29] }
 */
export function pooledLines(runs: readonly Results[]): PooledLine[] {
  return pooled(runs).flatMap(({ name, seeds, sameTestPictures, rows }) =>
    rows.map(({ sampler, classifier, scores }) => ({
      ...{ pool: name, sampler, classifier, seeds, sameTestPictures },
      scores: Object.fromEntries(
        SCORE_NAMES.map((score) => [score, { ...scores[score], sd: spreadOf(scores[score]) }]),
      ) as PooledLine['scores'],
    })),
  );
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * @param runs as of {@link pooledLines}
 * @returns CSV (RFC 4180): pool, sampler, classifier, runs, and of each score `NAME` and `NAME_sd`
 * @throws as {@link pooledLines}
 * @example
 * await writeFile('table.csv', pooledCsv([seed0, seed1, other]));
 */
export function pooledCsv(runs: readonly Results[]): string {
  const lines = pooledLines(runs).map(({ pool, sampler, classifier, seeds, scores }) => [
    ...[pool, sampler, classifier, seeds.length],
    ...SCORE_NAMES.flatMap((score) => [scores[score].mean, scores[score].sd]),
  ]);
  const scores = SCORE_NAMES.map(snake).flatMap((name) => [name, `${name}_sd`]);
  const names = ['pool', 'sampler', 'classifier', 'runs', ...scores];
  const columns = new Map(names.map((name, i) => [name, lines.map((line) => String(line[i] ?? ''))]));
  return new TextDecoder().decode(encodeCsv(columns));
}

/**
 * @param runs as of {@link pooledLines}
 * @returns a table in Markdown, in percent, as `44.4 ± 0.3`; the best mean of each column in bold
 * @throws as {@link pooledLines}
 * @example
 * await writeFile('table.md', pooledMarkdown([seed0, seed1, other]));
 */
export function pooledMarkdown(runs: readonly Results[]): string {
  const pools = pooled(runs);
  const best = SCORE_COLUMNS.map((column) => bestMean(pools, column));
  const lines = pooledLines(runs).map(({ pool, sampler, classifier, seeds, scores }) => [
    ...[pool, sampler, classifierName(classifier)].map(escapeMarkdown),
    String(seeds.length),
    ...SCORE_COLUMNS.map((column, i) => {
      const { mean, sd } = scores[column];
      const text = `${percent(mean)}${sd === null ? '' : ` ± ${percent(sd)}`}`;
      return isBest(mean, best[i]) ? `**${text}**` : text;
    }),
  ]);
  const head = ['pool', 'representation', 'classifier', 'runs', ...SCORE_COLUMNS];
  const caption = `Accuracy in %: mean over the runs of a pool, ± their standard deviation (n - 1); ${EMPTY} none.`;
  const note = testPicturesNote(pools);
  return `${markdownTable(head, lines, { left: 3 })}\n\n${caption}\n${note && `\n${escapeMarkdown(note)}\n`}`;
}
