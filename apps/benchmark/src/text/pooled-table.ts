/** The terminal's table of several runs: for each classifier the recipes below one another, means and then each seed. */
import {
  bestMean,
  classifierName,
  EMPTY,
  isBest,
  type Pool,
  type PooledRow,
  percent,
  SCORE_COLUMNS,
  sideBySide,
  testPicturesNote,
} from '@longtail/report/results';
import { plainTable } from './plain-table.ts';

/**
 * @param options.width columns to fit
 * @example
 * process.stdout.write(`${pooledTable(pooled(runs))}\n`);
 */
export function pooledTable(pools: readonly Pool[], { width }: { width?: number | undefined } = {}): string {
  const table = plainTable(['classifier / recipe / seed', ...SCORE_COLUMNS], {
    widths: [36, 10],
    least: [12, 6],
    width,
  });
  const best = SCORE_COLUMNS.map((column) => bestMean(pools, column));
  const means = ({ scores }: PooledRow) =>
    SCORE_COLUMNS.map((column, i) => {
      const { mean } = scores[column];
      return `${percent(mean)}${isBest(mean, best[i]) ? '*' : ' '}`;
    });
  for (const { sampler, classifier, of } of sideBySide(pools)) {
    table.push([{ content: `${sampler}, ${classifierName(classifier)}`, colSpan: 5 }]);
    for (const { pool, row } of of) {
      table.push([`  ${pool.name}`, ...means(row)]);
      if (pool.seeds.length > 1)
        for (const [i, seed] of pool.seeds.entries())
          table.push([
            `    seed ${seed ?? EMPTY}`,
            ...SCORE_COLUMNS.map((column) => `${percent(row.scores[column].values[i])} `),
          ]);
    }
  }
  const note = testPicturesNote(pools);
  return `${table.toString()}\n\naccuracy in %, the mean of a recipe's seeds   * best mean of its column   ${EMPTY} none${note && `\n${note}`}`;
}
